// Brings together what config.yaml enables and what the plugins folder offers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "config/problems.hpp"
#include "loader/plugin_loader.hpp"

namespace hermes::host {

// A platform that is enabled and whose settings fit its plugin's table.
struct ConfiguredPlatform {
    const Plugin* plugin = nullptr;
    PlatformSettings settings{};
    // Of its entries, or of the only one in the short form: by name, else by place; one that is
    // alone and has no name is what platforms call `default`.
    std::vector<std::string> accounts{};
    std::vector<std::filesystem::path> secret_files{};  // that were read for it
};

// Says of every enabled platform what is wrong with it: no plugin, wrong settings, and what the
// plugin itself finds wrong (PluginDescriptor::check).
std::vector<ConfiguredPlatform> resolve_platforms(const HostConfig& config,
                                                  const PluginFolder& folder, Problems& problems);

// What a plugin says of its settings, with where they are: "platforms.x.extra.port: ...".
std::string complaint_about(const Plugin& plugin, const std::string& sentence);

// The settings of one plugin as config.yaml has them, whether enabled or not.
PlatformSettings settings_for(const HostConfig& config, const Plugin& plugin, Problems& problems);

// As above, but from a map as it would stand under `extra`, and from no variable.
PlatformSettings settings_from(const ConfigNode& extra, const Plugin& plugin, Problems& problems);

}  // namespace hermes::host
