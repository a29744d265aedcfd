// The platforms that offer an extension, for a command that looks beside a gateway.
#pragma once

#include <string>

#include "commands/commands.hpp"
#include "commands/setup.hpp"
#include "exit_code.hpp"
#include "hermes/ext/extension.hpp"

namespace hermes::host {

// Calls `use(extension, context)` for each that offers it: the one asked for, or all. Throws
// UsageError if there is none; `what` follows "no enabled platform": "keeps state".
template <typename Extension, typename Use>
void for_each_offering(const StateSource& source, const std::string& what, Use use) {
    const auto setup = require_setup(source.config);
    const auto log = make_quiet_log(setup);
    std::size_t count = 0;
    for (const auto& platform : setup.platforms) {
        const auto* extension = extension_of<Extension>(platform.plugin->descriptor());
        if (extension == nullptr ||
            (!source.platform.empty() && platform.plugin->name() != source.platform)) {
            continue;
        }
        const auto host = make_onlooker_host(setup, platform, *log);
        use(*extension, AdapterContext{*host, platform.settings, AdapterMode::send_only});
        ++count;
    }
    if (count == 0) {
        throw UsageError("no enabled platform " +
                         (source.platform.empty() ? std::string() : source.platform + " ") + what);
    }
}

}  // namespace hermes::host
