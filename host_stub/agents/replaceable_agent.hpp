// The agent at the moment: a turn goes on with the one that it began with.  [any]
#pragma once

#include <memory>
#include <utility>

#include "agents/agent.hpp"
#include "base/guarded.hpp"

namespace hermes::host {

class ReplaceableAgent final : public Agent {
public:
    explicit ReplaceableAgent(std::unique_ptr<Agent> agent) : agent_(std::move(agent)) {}

    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        return now()->answer(request, std::move(stop));
    }
    std::string given(const AgentRequest& request) const override { return now()->given(request); }

    void replace(std::shared_ptr<Agent> agent) {
        agent_.with([&](auto& now) { now.swap(agent); });
    }

private:
    std::shared_ptr<Agent> now() const {
        return agent_.with([](const auto& agent) { return agent; });
    }

    base::Guarded<std::shared_ptr<Agent>> agent_;
};

}  // namespace hermes::host
