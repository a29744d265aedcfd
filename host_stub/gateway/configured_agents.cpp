#include "gateway/configured_agents.hpp"

#include "agents/account_agents.hpp"
#include "agents/left_behind.hpp"
#include "loader/setup.hpp"
#include "system/descriptor_limit.hpp"

namespace hermes::host {
namespace {

// With the mark by which the next gateway finds what this one has left behind.
Environment marked_environment(const HostConfig& config, const PluginFolder& folder) {
    auto variables = agent_environment(folder);
    const auto mark = mark_of_this_gateway(config.data_dir);
    const auto equals = mark.find('=');
    variables[mark.substr(0, equals)] = mark.substr(equals + 1);
    return variables;
}

}  // namespace

std::unique_ptr<Agent> make_configured_agents(const HostConfig& config,
                                              const PluginFolder& folder) {
    auto for_others = config.agent;
    auto for_accounts = config.agents;
    for_others.child_descriptors = raise_descriptor_limit();
    for (auto& agent : for_accounts) {
        agent.config.child_descriptors = for_others.child_descriptors;
    }
    return make_agents(for_others, for_accounts, marked_environment(config, folder));
}

}  // namespace hermes::host
