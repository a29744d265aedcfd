// What an operator does to an app by command: its menu, and messages to be taken back. It asks
// WeCom itself and waits for the answer, with or without a gateway running beside it.
//
// `account` is the app's name, and may be empty where only one app can be meant. All throw
// std::runtime_error with a sentence for the operator.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace hermes::wecom {

// As EditMenu has them (hermes/ext/menu.hpp).
std::optional<std::string> show_menu(const Settings& settings, const std::string& account);
std::vector<std::string> set_menu(const Settings& settings, const std::string& account,
                                  const std::string& menu);
void remove_menu(const Settings& settings, const std::string& account);

// As RecallMessage has it. `data_directory`: of the state, which knows a message's parts and app.
std::size_t recall_message(const Settings& settings, const std::string& data_directory,
                           const std::string& account, const std::string& message_id);

}  // namespace hermes::wecom
