// Who answers: one call, one turn of a chat.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "hermes/message.hpp"

namespace hermes::host {

// What was said before in a session, oldest first.
struct Exchange {
    std::string question;
    std::string answer;
};

struct AgentRequest {
    MessageEvent event{};
    std::string session_id{};
    std::vector<Exchange> history{};
};

struct AgentReply {
    enum class Outcome {
        answered,   // `text` is for the member; empty: there is nothing to say
        failed,     // `problem` is for the operator, one line
        timed_out,  // as failed
        cancelled,  // a stop was requested
        // Ended by a signal that asks to end, and not by us: perhaps because the gateway is to end.
        interrupted,
        no_resources,  // it could not begin for want of descriptors, memory or processes
    };

    Outcome outcome = Outcome::answered;
    std::string text{};
    std::string problem{};
};

class Agent {
public:
    Agent() = default;
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;
    virtual ~Agent() = default;

    // Blocks until there is an answer, or until shortly after `stop` is requested. May be called
    // from several threads at a time.
    virtual AgentReply answer(const AgentRequest& request, std::stop_token stop) = 0;

    // What it gets to see for that, for whoever makes one.
    virtual std::string given(const AgentRequest& request) const { return request.event.text; }
};

// `echo: <text>`, at once.
std::unique_ptr<Agent> make_echo_agent();

// A child process per turn: JSON on its stdin, the answer on its stdout.
std::unique_ptr<Agent> make_command_agent(const AgentConfig& config, Environment environment);

// The one that the configuration asks for. `environment` is what child processes get.
std::unique_ptr<Agent> make_agent(const AgentConfig& config, Environment environment);

}  // namespace hermes::host
