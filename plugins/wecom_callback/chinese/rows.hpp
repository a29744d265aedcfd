// What this plugin says, in Chinese, by subject: hermes.translations/1. A sentence that changes
// changes here too; the tests name what is missing.
#pragma once

#include <span>
#include <vector>

#include "hermes/ext/translations.hpp"

namespace hermes::wecom::chinese {

std::span<const Translation> setup_rows();    // settings, doctor, what arrives during a set-up
std::span<const Translation> running_rows();  // the log of a gateway, and what can't be sent
std::span<const Translation> state_rows();    // the message store
std::span<const Translation> command_rows();  // menus, taking back, listening
std::span<const Translation> help_rows();     // what each setting is
std::span<const Translation> error_rows();    // WeCom's codes, and what kept it from answering

// All of them; lives as long as the plugin.
const std::vector<Translation>& all_rows();

}  // namespace hermes::wecom::chinese
