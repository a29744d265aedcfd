// What the host says, in Chinese (translator.hpp). A sentence that changes changes here too.
#pragma once

#include <span>

#include "hermes/ext/translations.hpp"

namespace hermes::host {

// All of it but the command line's own.
std::span<const Translation> chinese_rows();

// Parts of it, by subject.
std::span<const Translation> chinese_config_rows();   // config.yaml, .env and the files they name
std::span<const Translation> chinese_command_rows();  // commands, and the loader of plugins
std::span<const Translation> chinese_system_rows();   // why a call of the system failed

// --help, and what is wrong with arguments. By themselves, as some would fit other sentences.
std::span<const Translation> chinese_cli_rows();

}  // namespace hermes::host
