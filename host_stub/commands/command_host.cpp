#include "commands/command_host.hpp"

#include "system/data_folder.hpp"

namespace hermes::host {

std::unique_ptr<PlatformHost> make_command_host(const Setup& setup,
                                                const ConfiguredPlatform& platform, Log& log) {
    const auto name = platform.plugin->name();
    return std::make_unique<PlatformHost>(name, make_data_directory(setup.config.data_dir, name),
                                          log, [](const MessageEvent&) {});
}

std::unique_ptr<PlatformHost> make_onlooker_host(const Setup& setup,
                                                 const ConfiguredPlatform& platform, Log& log) {
    const auto name = platform.plugin->name();
    return std::make_unique<PlatformHost>(name, setup.config.data_dir / name, log,
                                          [](const MessageEvent&) {});
}

}  // namespace hermes::host
