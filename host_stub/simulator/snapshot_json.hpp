// What the simulator remembers, as JSON text for the chat page. Pure.
//
//   snapshot  {"corps": [{"id", "name"}],
//              "apps": [{"name", "corp", "agent_id", "callback_url"}],
//              "members": [{"corp", "user", "name"}],
//              "entries": [entry], "steps": [step], "api_is_up": true,
//              "faults": [{"name", "text"}],                     all that have a name
//              "active_faults": [{"id", "name", "kind", "left"}]}  left: null until removed
//   entry     {"number", "from": "member" | "app", "at_ms", "app", "user", "type", "content",
//              "cut", "state", "attempts", "acknowledged_ms", "msgid"}
//   step      {"sequence", "at_ms", "kind", "app", "user", "entry", "attempt", "elapsed_ms",
//              "status", "errcode", "summary", "request", "response", "plain"}
//
// Text that is not UTF-8, which a gateway may answer, has U+FFFD in its place.
#pragma once

#include <string>

#include "simulator/record.hpp"
#include "simulator/wecom.hpp"

namespace hermes::host::simulator {

std::string to_json(const Snapshot& snapshot);
std::string to_json(const ChatEntry& entry);
std::string to_json(const WireStep& step);

}  // namespace hermes::host::simulator
