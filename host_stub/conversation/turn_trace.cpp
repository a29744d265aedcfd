#include "conversation/turn_trace.hpp"

#include <string>
#include <utility>

namespace hermes::host {

void TurnTrace::begun(const Turn& turn, std::string given) {
    write(turn, "agent_begun", "attempt " + std::to_string(turn.request.event.attempt),
          {.given = std::move(given)}, {});
}

void TurnTrace::ended(const Turn& turn, const AgentReply& reply,
                      std::chrono::steady_clock::duration so_long, bool by_gateway) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(so_long);
    switch (reply.outcome) {
        case AgentReply::Outcome::answered:
            return !reply.has_content()
                       ? write(turn, "agent_silent", "the agent has nothing to say", reply.talk,
                               took)
                       : write(turn, "agent_answered",
                               "the agent said " + std::to_string(reply.text.size()) + " bytes",
                               reply.talk, took);
        case AgentReply::Outcome::cancelled:
            return by_gateway
                       ? write(turn, "agent_interrupted",
                               "the agent was stopped with the gateway: its message comes again",
                               reply.talk, took)
                       : write(turn, "agent_stopped", "the agent was told to stop", reply.talk,
                               took);
        case AgentReply::Outcome::failed:
        case AgentReply::Outcome::timed_out:
        case AgentReply::Outcome::interrupted:
        case AgentReply::Outcome::no_resources:
            return write(turn, "agent_failed", reply.problem, reply.talk, took);
    }
}

void TurnTrace::not_wanted(const Turn& turn) {
    write(turn, "agent_stopped", "what the agent said came too late: it had been told to stop", {},
          {});
}

void TurnTrace::write(const Turn& turn, std::string_view word, std::string sentence,
                      const AgentTalk& talk, std::optional<std::chrono::microseconds> took) {
    const auto& event = turn.request.event;
    TraceStep step;
    step.event = event.id;
    step.account = event.account;
    step.user_id = event.user_id;
    step.sentence = std::move(sentence);
    step.took = took;
    log_.write_step("gateway", word, step, with_talk_ ? talk : AgentTalk());
}

}  // namespace hermes::host
