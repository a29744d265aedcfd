#include "agents/agent.hpp"

#include <stdexcept>

namespace hermes::host {

std::unique_ptr<Agent> make_agent(const AgentConfig& config, Environment environment) {
    switch (config.kind) {
        case AgentKind::echo:
            return make_echo_agent();
        case AgentKind::command:
            return make_command_agent(config, std::move(environment));
        case AgentKind::openai:
            break;
    }
    throw std::runtime_error("agent.kind: openai is not part of this build yet");
}

}  // namespace hermes::host
