// What the host says, in Chinese (translator.hpp). A sentence that changes changes here too.
#pragma once

#include <span>

#include "hermes/ext/translations.hpp"

namespace hermes::host {

// All of it.
std::span<const Translation> chinese_rows();

// Parts of it, by subject.
std::span<const Translation> chinese_config_rows();   // config.yaml, .env and the files they name
std::span<const Translation> chinese_command_rows();  // commands, and the loader of plugins

}  // namespace hermes::host
