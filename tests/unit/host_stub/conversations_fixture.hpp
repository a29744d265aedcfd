// Conversations between an adapter and an agent that a test leads by hand.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "conversation/conversations.hpp"
#include "fakes.hpp"

namespace hermes::host::test {

inline ConversationOptions quick() {
    ConversationOptions options;
    options.turns_max = 4;
    options.first_retry = std::chrono::milliseconds(1);
    options.longest_retry = std::chrono::milliseconds(2);
    return options;
}

template <typename TheAgent>
struct FixtureOf {
    explicit FixtureOf(ConversationOptions options = quick())
        : conversations(agent, ids, log, std::move(options)) {}

    void hear(const std::string& id, const std::string& text,
              const std::string& chat = "corp:zhangsan") {
        conversations.receive(adapter, event(id, text, chat));
    }
    // What the agent was asked in a turn that is over.
    std::optional<AgentRequest> first_turn() {
        hear("e1", "first");
        agent.reply("first", "1");
        CHECK(adapter.said() == "1");
        return agent.asked.take();
    }

    FakeAdapter adapter{};
    TheAgent agent{};
    SessionIds ids{};
    FakeLog log{};
    Conversations conversations;
};

using Fixture = FixtureOf<FakeAgent>;

}  // namespace hermes::host::test
