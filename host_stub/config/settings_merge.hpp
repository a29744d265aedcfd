// The settings of one platform: environment over YAML over default, checked against the plugin's
// table (hermes/settings.hpp is the contract).
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_node.hpp"
#include "config/environment.hpp"
#include "config/problems.hpp"
#include "hermes/settings.hpp"

namespace hermes::host {

struct PlatformSchema {
    std::string platform;           // the plugin's name
    std::span<const Setting> rows;  // of the plugin; it must stay loaded
    std::string entry_list;         // empty if the platform has none
};

// What the plugin is given. With an entry list, the result always has the list: the short form
// becomes its only entry. Rows of scope `both` stay where they were written; their defaults are at
// the top. A variable that is set to nothing counts as not set.
boost::json::object merge_settings(const PlatformSchema& schema, const ConfigNode& extra,
                                   const Environment& environment, Problems& problems);

// Warns of variables that begin like those of this platform but belong to no setting, except where
// they belong to a platform with a longer name (`others`).
void check_variable_names(const PlatformSchema& schema, const Environment& environment,
                          const std::vector<std::string>& others, Problems& problems);

// One flat map of the host's own (`agent`, `log`): as above without variables and entries.
boost::json::object read_section(std::string_view path, const ConfigNode& section,
                                 std::span<const Setting> rows, Problems& problems);

// WECOM_CALLBACK_PORT
std::string variable_name(std::string_view platform, std::string_view key);

}  // namespace hermes::host
