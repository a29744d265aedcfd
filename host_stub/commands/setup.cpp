#include "commands/setup.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "config/nearest_key.hpp"
#include "config/variables.hpp"
#include "exit_code.hpp"
#include "gateway.hpp"

namespace hermes::host {
namespace {

std::string count_of(const std::vector<std::string>& errors) {
    return std::to_string(errors.size()) + (errors.size() == 1 ? " error" : " errors");
}

// An agent for an account that is nowhere would answer nobody, and nobody would know why.
void check_accounts_of_agents(Setup& setup) {
    std::vector<std::string> known;
    for (const auto& platform : setup.platforms) {
        for (const auto& account : platform.accounts) {
            known.push_back(account);
            known.push_back(platform.plugin->name() + "/" + account);
        }
    }
    for (const auto& agent : setup.config.agents) {
        for (const auto& account : agent.accounts) {
            if (std::find(known.begin(), known.end(), account) == known.end()) {
                setup.problems.errors.push_back(agent.config.setting("accounts") +
                                                ": there is no " + account +
                                                did_you_mean(account, known));
            }
        }
    }
}

}  // namespace

Setup load_setup(const ConfigSource& source) {
    Setup setup;
    try {
        setup.config = load_host_config(source, process_environment(), setup.problems);
    } catch (const std::runtime_error& problem) {
        throw UsageError(problem.what());
    }
    setup.folder = load_plugins(setup.config.plugins_dir);
    setup.platforms = resolve_platforms(setup.config, setup.folder, setup.problems);
    if (setup.problems.errors.empty()) {  // else accounts may be missing for another reason
        check_accounts_of_agents(setup);
    }
    return setup;
}

Setup require_setup(const ConfigSource& source) {
    auto setup = load_setup(source);
    if (!setup.problems.errors.empty()) {
        report_warnings(setup);
        for (const auto& error : setup.problems.errors) {
            std::cerr << "error: " << error << '\n';
        }
        throw UsageError(source.file.string() + ": " + count_of(setup.problems.errors));
    }
    return setup;
}

void report_warnings(const Setup& setup) {
    for (const auto& problem : setup.folder.problems) {
        std::cerr << "warning: " << problem << '\n';
    }
    for (const auto& warning : setup.problems.warnings) {
        std::cerr << "warning: " << warning << '\n';
    }
}

Environment agent_environment(const Setup& setup) {
    auto variables = process_environment();
    for (const auto& plugin : setup.folder.plugins) {
        const auto prefix = variable_name(plugin.name(), "");
        std::erase_if(variables, [&](const auto& v) { return v.first.starts_with(prefix); });
    }
    return variables;
}

std::unique_ptr<Log> make_quiet_log(LogConfig config) {
    config.level = std::max(config.level, LogLevel::warning);
    return make_log(config);
}

std::unique_ptr<PlatformHost> make_command_host(const Setup& setup,
                                                const ConfiguredPlatform& platform, Log& log) {
    const auto name = platform.plugin->name();
    return std::make_unique<PlatformHost>(name, make_data_directory(setup.config.data_dir, name),
                                          log, [](const MessageEvent&) {});
}

const ConfiguredPlatform& choose_platform(const Setup& setup, const std::string& name) {
    std::string names;
    for (const auto& platform : setup.platforms) {
        if (platform.plugin->name() == name) {
            return platform;
        }
        names += (names.empty() ? "" : ", ") + platform.plugin->name();
    }
    if (!name.empty()) {
        throw UsageError("--platform " + name +
                         " is not enabled (enabled: " + (names.empty() ? "none" : names) + ")");
    }
    if (setup.platforms.empty()) {
        throw UsageError("no platform is enabled: set platforms.<name>.enabled in config.yaml");
    }
    if (setup.platforms.size() > 1) {
        throw UsageError("several platforms are enabled (" + names + "): choose with --platform");
    }
    return setup.platforms.front();
}

}  // namespace hermes::host
