// What the agent does with an event, as steps in the log (hermes/ext/trace.hpp).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agents/agent.hpp"
#include "conversation/session.hpp"
#include "output/log.hpp"

namespace hermes::host {

class TurnTrace {
public:
    // `log` outlives this. `with_talk`: the steps hold what agents are given and say.
    TurnTrace(Log& log, bool with_talk) : log_(log), with_talk_(with_talk) {}

    void begun(const Turn& turn, std::string given);  // [any]
    // `by_gateway`: it is the gateway that stops, which settles nothing.
    void ended(const Turn& turn, const AgentReply& reply, std::chrono::steady_clock::duration took,
               bool by_gateway);  // [any]
    // Of an answer that ended(): nobody gets it.  [any]
    void not_wanted(const Turn& turn);

private:
    void write(const Turn& turn, std::string_view word, std::string sentence, const AgentTalk& talk,
               std::optional<std::chrono::microseconds> took);

    Log& log_;
    const bool with_talk_;
};

}  // namespace hermes::host
