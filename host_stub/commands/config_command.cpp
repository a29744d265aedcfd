#include <iostream>

#include "commands/commands.hpp"
#include "commands/setup.hpp"
#include "exit_code.hpp"

namespace hermes::host {

int config_check(const ConfigSource& source) {
    const auto setup = require_setup(source);
    report_warnings(setup);
    std::cout << "config ok\n";
    for (const auto& platform : setup.platforms) {
        std::cout << "  " << platform.plugin->name();
        const char* separator = ": ";
        for (const auto& account : platform.accounts) {
            std::cout << separator << account;
            separator = ", ";
        }
        std::cout << '\n';
    }
    if (setup.platforms.empty()) {
        std::cout << "  no platform is enabled\n";
    }
    return exit_ok;
}

}  // namespace hermes::host
