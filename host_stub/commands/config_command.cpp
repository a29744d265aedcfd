#include <iostream>

#include "commands/commands.hpp"
#include "commands/say.hpp"
#include "gateway/in_force.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

// About the differences from what the gateway runs with.
std::string what_to_do(const std::vector<std::string>& lines, int gateway) {
    if (lines.empty()) {
        return "the gateway runs with this configuration";
    }
    return is_a_restart_needed(lines)
               ? "to put it in force: systemctl restart hermes-gateway, since part of it needs a "
                 "restart"
               : "to put it in force: systemctl reload hermes-gateway, or kill -HUP " +
                     std::to_string(gateway);
}

}  // namespace

int config_check(const ConfigSource& source) {
    const auto setup = require_setup(source);
    report_warnings(setup);
    say(setup.words, "config ok");
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
        std::cout << "  ";
        say(setup.words, "no platform is enabled");
    }
    return exit_ok;
}

int config_diff(const ConfigSource& source) {
    const auto setup = require_setup(source);
    report_warnings(setup);
    const auto in_force = read_or_usage_error([&] { return read_in_force(setup.config.data_dir); });
    if (!in_force) {
        say(setup.words, "no gateway runs with the data in " + setup.config.data_dir.string() +
                             ": its next start takes this configuration");
        return exit_ok;
    }
    const auto lines = differences(
        in_force->values, flatten(setup.config, setup.platforms, in_force->salt), in_force->kept);
    for (const auto& line : lines) {
        say(setup.words, line);
    }
    say(setup.words, what_to_do(lines, in_force->pid));
    return lines.empty() ? exit_ok : exit_differs;
}

}  // namespace hermes::host
