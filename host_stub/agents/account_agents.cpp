#include "agents/account_agents.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace hermes::host {
namespace {

// How the configuration may name an event's account.
std::array<std::string, 2> names_of(const MessageEvent& event) {
    return {event.platform + "/" + event.account, event.account};
}

class AccountAgents final : public Agent {
public:
    explicit AccountAgents(std::unique_ptr<Agent> for_others)
        : for_others_(std::move(for_others)) {}

    void add(const std::vector<std::string>& accounts, std::unique_ptr<Agent> agent) {
        const std::shared_ptr<Agent> shared = std::move(agent);
        for (const auto& account : accounts) {
            by_account_.emplace(account, shared);
        }
    }

    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        return agent_of(request.event).answer(request, std::move(stop));
    }

    std::string given(const AgentRequest& request) const override {
        return agent_of(request.event).given(request);
    }

private:
    Agent& agent_of(const MessageEvent& event) const {
        for (const auto& name : names_of(event)) {
            if (const auto found = by_account_.find(name); found != by_account_.end()) {
                return *found->second;
            }
        }
        return *for_others_;
    }

    std::unique_ptr<Agent> for_others_;
    std::map<std::string, std::shared_ptr<Agent>> by_account_{};
};

}  // namespace

std::unique_ptr<Agent> make_agents(const AgentConfig& for_others,
                                   const std::vector<AccountAgent>& for_accounts,
                                   const Environment& environment) {
    auto agents = std::make_unique<AccountAgents>(make_agent(for_others, environment));
    for (const auto& [accounts, config] : for_accounts) {
        agents->add(accounts, make_agent(config, environment));
    }
    return agents;
}

const AgentConfig& agent_for(const AgentConfig& for_others,
                             const std::vector<AccountAgent>& for_accounts,
                             const MessageEvent& event) {
    for (const auto& name : names_of(event)) {
        for (const auto& [accounts, config] : for_accounts) {
            if (std::ranges::find(accounts, name) != accounts.end()) {
                return config;
            }
        }
    }
    return for_others;
}

}  // namespace hermes::host
