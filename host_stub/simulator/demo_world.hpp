// A world to try things in: two corps, three apps, a member of the same id in both corps; and the
// configuration of a gateway for it.
#pragma once

#include <cstdint>
#include <string>

#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

// Ids, secrets and keys are random, the rest is always the same. The callback URLs lead to `port`.
World demo_world(std::uint16_t gateway_port);

// config.yaml of a gateway with the echo agent that serves `world`. Holds its secrets.
std::string format_gateway_config(const World& world, std::uint16_t gateway_port);

// world.yaml: the names that config.yaml has no place for (see add_names).
std::string format_names(const World& world);

}  // namespace hermes::host::simulator
