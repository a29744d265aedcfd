#include "agents/agent.hpp"

#include <stdexcept>

#include "agents/answer_files.hpp"
#include "agents/openai.hpp"

namespace hermes::host {

namespace {

std::unique_ptr<Agent> make_plain_agent(const AgentConfig& config, const Environment& environment) {
    switch (config.kind) {
        case AgentKind::echo:
            return make_echo_agent();
        case AgentKind::command:
            return make_command_agent(config, environment);
        case AgentKind::openai:
            return make_openai_agent(config);
    }
    throw std::logic_error("an agent of no kind");
}

}  // namespace

std::unique_ptr<Agent> make_agent(const AgentConfig& config, const Environment& environment) {
    return with_answer_files(make_plain_agent(config, environment), config.files);
}

}  // namespace hermes::host
