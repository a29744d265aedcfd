#include "simulator/gateways/agent_section.hpp"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include "config/text_file.hpp"
#include "config/yaml_file.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host::simulator {

namespace {

// What config.yaml's reader makes of the section.
AgentConfig read_back(const AgentConfig& agent) {
    Problems problems;
    const auto file = parse_yaml(format_agent_section(agent), "config.yaml");
    const auto read = read_agent(*file.find("agent"), "/srv", {}, problems);
    CHECK(problems.errors == std::vector<std::string>());
    return read;
}

}  // namespace

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

    TEST_CASE("nothing that can be set is lost") {
        AgentConfig program;
        program.kind = AgentKind::command;
        program.command = {"./answer.sh"};
        program.output = AgentOutput::json;
        program.files = {"/srv/reports", "/srv/charts"};
        program.timeout = std::chrono::seconds(90);
        program.notices = {.after = std::chrono::seconds(30),
                           .every = std::chrono::seconds(0),
                           .chinese = "还在查。",
                           .english = "Still looking."};
        program.turns_max = 4;
        const auto read_program = read_back(program);
        CHECK(read_program.command == program.command);
        CHECK(read_program.output == program.output);
        CHECK(read_program.files == program.files);
        CHECK(read_program.timeout == program.timeout);
        CHECK(read_program.notices.after == program.notices.after);
        CHECK(read_program.notices.every == program.notices.every);
        CHECK(read_program.notices.chinese == program.notices.chinese);
        CHECK(read_program.notices.english == program.notices.english);
        CHECK(read_program.turns_max == program.turns_max);
        AgentConfig model;
        model.kind = AgentKind::openai;
        model.base_url = "http://127.0.0.1:8642/v1";
        model.model = "hermes-agent";
        const hermes::test::TempDirectory folder;
        model.api_key_file = folder.path() / "key";
        write_private_file(model.api_key_file, "a-key\n");
        model.system_prompt = "Answer briefly.";
        model.vision = true;
        const auto read_model = read_back(model);
        CHECK(read_model.base_url == model.base_url);
        CHECK(read_model.model == model.model);
        CHECK(read_model.api_key_file == model.api_key_file);
        CHECK(read_model.system_prompt == model.system_prompt);
        CHECK(read_model.vision);
    }

    TEST_CASE("the section is exchanged and the rest stays as it was written") {
        const std::string section = "agent:\n  kind: echo\n";
        CHECK(replace_agent_section("# mine\nagent: {kind: openai}\nlog: {level: info}  # why\n",
                                    section) ==
              "# mine\nagent:\n  kind: echo\nlog: {level: info}  # why\n");
        CHECK(replace_agent_section(
                  "a: 1\nagent:\n  kind: command\n  command:\n  - x\n\n# b\nb: 2\n", section) ==
              "a: 1\nagent:\n  kind: echo\n\n# b\nb: 2\n");
        CHECK(replace_agent_section("agent:\n  system_prompt: |\n    one\n\n    two\nb: 2",
                                    section) == "agent:\n  kind: echo\nb: 2");
        CHECK(replace_agent_section("agents: 1\nx:\n  agent: 2\n", section) ==
              "agents: 1\nx:\n  agent: 2\nagent:\n  kind: echo\n");
        CHECK(replace_agent_section("", section) == section);
        CHECK(replace_agent_section("a: 1", section) == "a: 1\nagent:\n  kind: echo\n");
    }

    TEST_CASE("a comment at the margin does not end the section, and one that follows it stays") {
        const std::string section = "agent:\n  kind: echo\n";
        CHECK(replace_agent_section(
                  "agent:\n  kind: command\n# mine\n\n# too\n  command: [a]\n# of the log\n\n"
                  "log: {level: info}\n",
                  section) == section + "# of the log\n\nlog: {level: info}\n");
        CHECK(replace_agent_section("agent:\n  kind: command\n# the end\n", section) ==
              section + "# the end\n");
    }
}

}  // namespace hermes::host::simulator
