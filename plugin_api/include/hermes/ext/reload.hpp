// Other settings for an adapter that runs: hermes.reload/1, offered by the adapter.
//
// Nothing that is under way ends for it: no connection is closed, no message is dropped. What works
// on a message ends with the settings that it began with.
#pragma once

#include <string>
#include <vector>

#include "hermes/settings.hpp"

namespace hermes {

struct ReloadOutcome {
    // Why nothing has changed, a sentence each that begins with the key; empty: the settings are in
    // force.
    std::vector<std::string> problems{};
    // Keys of which the old value stays, since only a restart can change it.
    std::vector<std::string> kept{};
};

class Reload {
public:
    static constexpr const char* extension_name = "hermes.reload/1";

    // Takes these settings whole or not at all, but for the values that it keeps and names. They
    // fit the table (settings.hpp); what only the plugin can judge it judges here, as
    // PluginDescriptor::check does.  [control, between start and stop]
    virtual ReloadOutcome reload(const PlatformSettings& settings) noexcept = 0;

    // The keys whose values it keeps. Constant.  [any]
    virtual std::vector<std::string> kept_keys() const = 0;

protected:
    ~Reload() = default;
};

}  // namespace hermes
