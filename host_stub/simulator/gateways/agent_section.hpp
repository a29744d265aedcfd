// The `agent:` section of a config.yaml, written and exchanged as text, so that whatever else is in
// the file stays as somebody wrote it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "config/host_config.hpp"

namespace hermes::host::simulator {

// "agent:\n  kind: echo\n", with what differs from the defaults.
std::string format_agent_section(const AgentConfig& agent);

// `yaml` with `section` in place of its top-level key `agent`, or at the end if it has none.
std::string replace_agent_section(std::string_view yaml, std::string_view section);

}  // namespace hermes::host::simulator
