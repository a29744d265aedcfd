// The settings of one platform: environment over YAML over default, checked against the plugin's
// table (hermes/settings.hpp is the contract).
#pragma once

#include <span>
#include <string>

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

// What the plugin is given. A variable that is set to nothing counts as not set.
PlatformSettings merge_settings(const PlatformSchema& schema, const ConfigNode& extra,
                                const Environment& environment, Problems& problems);

}  // namespace hermes::host
