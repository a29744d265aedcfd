// One value of a settings table: from what was written to its type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config_node.hpp"
#include "hermes/settings.hpp"

namespace hermes::host {

// Nothing if what was written is not of that type. A number in quotes is a number, and a number for
// a string row is its digits: YAML's guess at a type is not the writer's meaning.
std::optional<SettingValue> to_value(SettingType type, const ConfigNode& written);

// What a variable or a default says, as if it had been written in YAML: lists are split at commas.
ConfigNode node_of_text(SettingType type, std::string_view text);

// "integer", for tables.
std::string_view name_of(SettingType type) noexcept;

// "an integer", for messages.
std::string_view expected(SettingType type) noexcept;

// "\"abc\"", "a list": what was found instead. Of a secret nothing is shown.
std::string describe(const ConfigNode& written, SettingSecrecy secrecy);

}  // namespace hermes::host
