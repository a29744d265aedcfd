// What a platform sees of a command, in place of the gateway.
#pragma once

#include <memory>

#include "gateway/platform_host.hpp"
#include "loader/setup.hpp"
#include "output/log.hpp"

namespace hermes::host {

// Of a command that takes no messages.
std::unique_ptr<PlatformHost> make_command_host(const Setup& setup,
                                                const ConfiguredPlatform& platform, Log& log);

// Of a command that only looks: its folder is not made, since what has looked as root
// would leave root's folders behind.
std::unique_ptr<PlatformHost> make_onlooker_host(const Setup& setup,
                                                 const ConfiguredPlatform& platform, Log& log);

}  // namespace hermes::host
