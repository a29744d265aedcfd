#include "simulator/page_server/page_command.hpp"

namespace hermes::host::simulator {

AgentConfig agent_of(const PageCommand& command, AgentConfig agent) {
    const auto kind = command.text("kind");
    agent.kind = kind == "command"  ? AgentKind::command
                 : kind == "openai" ? AgentKind::openai
                                    : AgentKind::echo;
    if (agent.kind == AgentKind::command) {
        agent.command = command.words("command");
        agent.output = command.text("output") == "json" ? AgentOutput::json : AgentOutput::text;
    }
    if (agent.kind == AgentKind::openai) {
        agent.base_url = command.text("base_url");
        agent.model = command.text("model");
        agent.api_key_env = command.text("api_key_env");
        if (!agent.api_key_env.empty()) {
            agent.api_key_file.clear();  // a key has one place
        }
        agent.system_prompt = command.text("system_prompt");
        agent.vision = command.flag("vision");
    }
    agent.timeout = std::chrono::seconds(command.number("timeout_s", agent.timeout.count()));
    agent.notices.after =
        std::chrono::seconds(command.number("notice_after_s", agent.notices.after.count()));
    return agent;
}

}  // namespace hermes::host::simulator
