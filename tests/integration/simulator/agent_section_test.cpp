#include "simulator/agent_section.hpp"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

namespace hermes::host::simulator {

TEST_SUITE("simulator/agent_section") {
    TEST_CASE("the section names what differs from the defaults") {
        CHECK(format_agent_section({}) == "agent:\n  kind: echo\n");
        AgentConfig agent;
        agent.kind = AgentKind::command;
        agent.command = {"./answer.sh", "--name", "say \"hi\""};
        agent.timeout = std::chrono::seconds(90);
        agent.notices.after = std::chrono::seconds(30);
        CHECK(format_agent_section(agent) ==
              "agent:\n  kind: command\n  command: [\"./answer.sh\", \"--name\", \"say "
              "\\\"hi\\\"\"]\n  timeout: 90s\n  notice_after: 30s\n");
    }

    TEST_CASE("whatever a person types is one YAML value") {
        AgentConfig agent;
        agent.kind = AgentKind::openai;
        agent.base_url = "http://127.0.0.1:8642/v1";
        agent.model = "a: [b] #c \\ \"d\" '";
        agent.api_key_env = "KEY";
        agent.system_prompt = "line one\nplatforms: {}\n\t你好";
        const auto parsed = YAML::Load(format_agent_section(agent));
        REQUIRE(parsed.size() == 1);
        CHECK(parsed["agent"]["model"].as<std::string>() == agent.model);
        CHECK(parsed["agent"]["system_prompt"].as<std::string>() == agent.system_prompt);
    }

    TEST_CASE("the section is exchanged and the rest stays as it was written") {
        const std::string section = "agent:\n  kind: echo\n";
        CHECK(replace_agent_section("# mine\nagent: {kind: openai}\nlog: {level: info}  # why\n",
                                    section) ==
              "# mine\nagent:\n  kind: echo\nlog: {level: info}  # why\n");
        CHECK(replace_agent_section(
                  "a: 1\nagent:\n  kind: command\n  command:\n  - x\n\n# b\nb: 2\n", section) ==
              "a: 1\nagent:\n  kind: echo\n# b\nb: 2\n");
        CHECK(replace_agent_section("agent:\n  system_prompt: |\n    one\n\n    two\nb: 2",
                                    section) == "agent:\n  kind: echo\nb: 2");
        CHECK(replace_agent_section("agents: 1\nx:\n  agent: 2\n", section) ==
              "agents: 1\nx:\n  agent: 2\nagent:\n  kind: echo\n");
        CHECK(replace_agent_section("", section) == section);
        CHECK(replace_agent_section("a: 1", section) == "a: 1\nagent:\n  kind: echo\n");
    }
}

}  // namespace hermes::host::simulator
