// What most commands begin with: configuration and plugins.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "log.hpp"
#include "platform_host.hpp"
#include "platforms.hpp"
#include "plugin_loader.hpp"

namespace hermes::host {

struct Setup {
    HostConfig config{};
    PluginFolder folder{};
    std::vector<ConfiguredPlatform> platforms{};  // points into `folder`
    Problems problems{};
};

// Reads the configuration and loads the plugins. Throws UsageError if a file can't be read.
Setup load_setup(const ConfigSource& source);

// As above; prints what is wrong on stderr and throws UsageError if anything is. What does not stop
// the command (plugins that don't load, warnings) is left for the caller to report.
Setup require_setup(const ConfigSource& source);

// Prints warnings, and the plugins that could not be loaded, on stderr.
void report_warnings(const Setup& setup);

// Warnings and errors alone: what a command prints is what was asked for.
std::unique_ptr<Log> make_quiet_log(LogConfig config);

// What agents get of the environment. Their tools do what members ask of them: the platforms'
// secrets are not for them.
Environment agent_environment(const Setup& setup);

// What a platform sees of a command that takes no messages.
std::unique_ptr<PlatformHost> make_command_host(const Setup& setup,
                                                const ConfiguredPlatform& platform, Log& log);

// Of the enabled platforms the one of that name, or the only one. Throws UsageError.
const ConfiguredPlatform& choose_platform(const Setup& setup, const std::string& name);

}  // namespace hermes::host
