// Calls a function that no library has; found at load since everything is bound at once.
#include "hermes/plugin.hpp"

extern "C" int nobody_has_this();
extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin;
const hermes::PluginDescriptor hermes_plugin = {
    static_cast<std::uint32_t>(sizeof(hermes::PluginDescriptor)),
    hermes::plugin_api_version,
    HERMES_ABI_TAG,
    "missing",
    "1.0",
    "",
    nullptr,
    0,
    nullptr,
    [](const hermes::PlatformSettings&) noexcept -> std::vector<std::string> {
        return {std::to_string(nobody_has_this())};
    },
    nullptr,
    nullptr,
    nullptr,
};
