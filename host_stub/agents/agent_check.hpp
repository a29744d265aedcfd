// Whether the configured agent can be expected to answer, found out without asking it anything.
#pragma once

#include <optional>

#include "config/host_config.hpp"
#include "hermes/ext/doctor.hpp"

namespace hermes::host {

// A command: is its program there? An endpoint: does it answer `GET {base_url}/models`, which the
// chat-completion API has beside the call that agents make, and does it take the key? Waits for it.
Finding check_agent(const AgentConfig& config);

// The same of the command that a watch tells what has changed; nothing if there is none.
std::optional<Finding> check_watch(const HostConfig& config);

}  // namespace hermes::host
