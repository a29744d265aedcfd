// The platforms that offer an extension, for a command that looks beside a gateway.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "commands/command_host.hpp"
#include "commands/commands.hpp"
#include "hermes/ext/extension.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {

template <typename Extension>
class Offering {
public:
    // Of the platform asked for, or of all. Throws UsageError if none offers it; `what` follows "no
    // enabled platform": "keeps state".
    Offering(const StateSource& source, const std::string& what)
        : setup_(require_setup(source.config)), log_(make_quiet_log(setup_)) {
        for (const auto& platform : setup_.platforms) {
            const auto* extension = extension_of<Extension>(platform.plugin->descriptor());
            if (extension != nullptr &&
                (source.platform.empty() || platform.plugin->name() == source.platform)) {
                offered_.push_back({extension, &platform});
            }
        }
        if (offered_.empty()) {
            throw UsageError("no enabled platform " +
                             (source.platform.empty() ? std::string() : source.platform + " ") +
                             what);
        }
    }

    // Calls `use(extension, context)` for each.
    template <typename Use>
    void for_each(Use use) const {
        for (const auto& [extension, platform] : offered_) {
            const auto host = make_onlooker_host(setup_, *platform, *log_);
            use(*extension, AdapterContext{*host, platform->settings, AdapterMode::send_only});
        }
    }

    const Translator& words() const noexcept { return setup_.words; }

private:
    struct Offered {
        const Extension* extension;
        const ConfiguredPlatform* platform;
    };

    const Setup setup_;
    const std::unique_ptr<Log> log_;
    std::vector<Offered> offered_;
};

}  // namespace hermes::host
