// One map of config.yaml against a table of settings.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config_node.hpp"
#include "config/problems.hpp"
#include "hermes/settings.hpp"

namespace hermes::host {

// A row of the host's own tables.
constexpr Setting optional_setting(const char* key, SettingType type, const char* default_value,
                                   const char* help, SettingLimits limits = {}) {
    return {key,
            type,
            SettingScope::platform,
            SettingNeed::optional,
            SettingSecrecy::plain,
            default_value,
            help,
            limits};
}

// A flat map of the host's own (`agent`, `log`): its values, and the defaults of what is not there.
SettingsMap read_section(std::string_view path, const ConfigNode& section,
                         std::span<const Setting> rows, Problems& problems);

// Null if the table has no such key.
const Setting* find_row(std::span<const Setting> rows, std::string_view key);

bool is_map_or_null(const ConfigNode& node);
std::string expected_a_map(std::string_view path, const ConfigNode& node);

// Puts the value into `into` if it is of the row's type and within its limits, else complains about
// `name` and returns false.
bool convert(const Setting& row, const ConfigNode& written, const std::string& name,
             SettingsMap& into, Problems& problems);

}  // namespace hermes::host
