// Calls a function that no library has; found at load since everything is bound at once.
#include "hermes/plugin.hpp"

extern "C" int nobody_has_this();
extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin;
const hermes::PluginDescriptor hermes_plugin = {
    .name = "missing",
    .version = "1.0",
    .summary = "",
    .check = [](const hermes::PlatformSettings&) noexcept -> std::vector<std::string> {
        return {std::to_string(nobody_has_this())};
    },
};
