// The agents that a configuration asks for, as the gateway runs them.
#pragma once

#include <memory>

#include "agents/agent.hpp"
#include "config/host_config.hpp"
#include "loader/plugin_loader.hpp"

namespace hermes::host {

// `folder`: whose platforms' variables the agents don't get to see.
std::unique_ptr<Agent> make_configured_agents(const HostConfig& config, const PluginFolder& folder);

}  // namespace hermes::host
