// Which agent answers for which account.
#pragma once

#include <memory>

#include "agents/agent.hpp"

namespace hermes::host {

// One that hands each turn to the agent of its account, and to the one for all others where it has
// none. `environment` as for make_agent.
std::unique_ptr<Agent> make_agents(const AgentConfig& for_others,
                                   const std::vector<AccountAgent>& for_accounts,
                                   const Environment& environment);

// What is configured of the one that answers this event.
const AgentConfig& agent_for(const AgentConfig& for_others,
                             const std::vector<AccountAgent>& for_accounts,
                             const MessageEvent& event);

}  // namespace hermes::host
