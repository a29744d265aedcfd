// What the simulator remembers, as JSON for the chat page. Pure.
//
//   snapshot  {"corps": [{"id", "name"}],
//              "apps": [{"name", "corp", "agent_id", "callback_url"}],
//              "members": [{"corp", "user", "name"}],
//              "entries": [entry], "steps": [step], "api_is_up": true,
//              "faults": [{"name", "text"}],                     all that have a name
//              "active_faults": [{"id", "name", "kind", "left"}]}  left: null until removed
//   entry     {"number", "from": "member" | "app", "at_ms", "app", "user", "type", "content",
//              "cut", "state", "attempts", "acknowledged_ms", "msgid", "media_id",
//              "answers": the number of the member's entry, or 0}
//   step      {"sequence", "at_ms", "kind", "app", "user", "entry", "attempt", "elapsed_ms",
//              "status", "errcode", "summary", "has_bytes"}
//             with its bytes also "request", "response", "plain"
//   gateway   {"state": "starting" | "ready" | "ended", "pid", "how"}
//   agent     {"kind", "command", "output", "base_url", "model", "api_key_env", "api_key_file",
//              "system_prompt", "vision", "timeout_s", "notice_after_s"}
//
// Text that is not UTF-8, which a gateway may answer, has U+FFFD in its place.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "config/host_config.hpp"
#include "simulator/simulation.hpp"
#include "simulator/wecom/record.hpp"
#include "simulator/wecom/wecom.hpp"

namespace hermes::host::simulator {

boost::json::object json_of(const Snapshot& snapshot);
boost::json::object json_of(const ChatEntry& entry);
boost::json::object json_of(const WireStep& step);
boost::json::object json_with_bytes(const WireStep& step);
boost::json::object json_of(const std::map<std::string, boost::json::object>& menus);
boost::json::array json_of(const std::vector<ActiveFault>& faults);
boost::json::array json_of(const std::vector<WireStep>& steps);
boost::json::object json_of(const GatewayState& state);
boost::json::object json_of(const AgentConfig& agent);

}  // namespace hermes::host::simulator
