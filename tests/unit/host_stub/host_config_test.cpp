#include "config/host_config.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>

#include "support/temp_directory.hpp"

using namespace hermes::host;

namespace {

using Lines = std::vector<std::string>;

class Folder {
public:
    void write(const std::string& name, std::string_view text) const {
        std::ofstream(directory_.path() / name) << text;
    }

    HostConfig load(std::string_view yaml, const Environment& process = {}) {
        write("config.yaml", yaml);
        problems = {};
        return load_host_config({directory_.path() / "config.yaml", env_file, data_dir}, process,
                                problems);
    }

    std::filesystem::path path() const { return directory_.path(); }

    Problems problems{};
    std::optional<std::filesystem::path> env_file{};
    std::optional<std::filesystem::path> data_dir{};

private:
    hermes::test::TempDirectory directory_{};
};

}  // namespace

TEST_SUITE("host_stub/config/host_config") {
    TEST_CASE("an empty file has a default for everything") {
        Folder folder;
        const auto config = folder.load("");
        CHECK(folder.problems.errors == Lines{});
        CHECK(config.file == folder.path() / "config.yaml");
        CHECK(config.plugins_dir == folder.path() / "plugins");
        CHECK(config.data_dir == folder.path() / "data");
        CHECK(config.log.level == hermes::LogLevel::info);
        CHECK(config.log.format == LogFormat::text);
        CHECK(config.agent.kind == AgentKind::echo);
        CHECK(config.agent.timeout == std::chrono::minutes(45));
        CHECK(config.agent.notices.after == std::chrono::seconds(20));
        CHECK(config.agent.turns_max == 32);
        CHECK(config.platforms.empty());
    }

    TEST_CASE("the data folder of a command line goes before the file's") {
        Folder folder;
        folder.data_dir = "/srv/second";
        CHECK(folder.load("data_dir: /var/lib/hermes\n").data_dir == "/srv/second");
        CHECK(folder.problems.errors == Lines{});
    }

    TEST_CASE("every key of the host is read") {
        Folder folder;
        const auto config = folder.load(
            "plugins_dir: ../lib\ndata_dir: /var/lib/hermes\n"
            "log: {level: debug, format: json}\n"
            "agent: {kind: command, command: [python3, agent.py], timeout: 10m,\n"
            "        notice_after: 30s, notice_every: 1m, notice_zh: 等, notice_en: Wait,\n"
            "        turns_max: 4, base_url: http://127.0.0.1/v1,\n"
            "        model: m, api_key_env: KEY, system_prompt: be kind, vision: true}\n"
            "platforms:\n  a: {enabled: false, extra: {port: 1}}\n  b:\n");
        CHECK(folder.problems.errors == Lines{});
        CHECK(config.plugins_dir == (folder.path() / "../lib").lexically_normal());
        CHECK(config.data_dir == "/var/lib/hermes");
        CHECK(config.log.level == hermes::LogLevel::debug);
        CHECK(config.log.format == LogFormat::json);
        CHECK(config.agent.kind == AgentKind::command);
        CHECK(config.agent.command == Lines{"python3", "agent.py"});
        CHECK(config.agent.timeout == std::chrono::minutes(10));
        CHECK(config.agent.notices.after == std::chrono::seconds(30));
        CHECK(config.agent.notices.every == std::chrono::minutes(1));
        CHECK(config.agent.notices.chinese == "等");
        CHECK(config.agent.notices.english == "Wait");
        CHECK(config.agent.turns_max == 4);
        CHECK(config.agent.base_url == "http://127.0.0.1/v1");
        CHECK(config.agent.model == "m");
        CHECK(config.agent.api_key_env == "KEY");
        CHECK(config.agent.system_prompt == "be kind");
        CHECK(config.agent.vision);
        REQUIRE(config.platforms.size() == 2);
        CHECK(config.platforms[0].name == "a");
        CHECK_FALSE(config.platforms[0].enabled);
        CHECK(config.platforms[0].extra.find("port")->text == "1");
        CHECK(config.platforms[1].enabled);
    }

    TEST_CASE("the process's variables win over .env, which is read from beside the file") {
        Folder folder;
        folder.write(".env", "A=file\nB=file\n");
        const auto config = folder.load("", {{"A", "process"}});
        CHECK(config.environment == Environment{{"A", "process"}, {"B", "file"}});
    }

    TEST_CASE("another .env can be named, and must be there then") {
        Folder folder;
        folder.write(".env", "A=beside\n");
        folder.write("other.env", "A=other\n");
        folder.env_file = folder.path() / "other.env";
        CHECK(folder.load("").environment.at("A") == "other");
        folder.env_file = folder.path() / "missing.env";
        CHECK_THROWS_AS(folder.load(""), std::runtime_error);
    }

    TEST_CASE(
        "an agent's key comes from the variable that is named, and its address has no slash") {
        Folder folder;
        folder.write(".env", "LLM_KEY=sk-1\n");
        const auto config = folder.load(
            "agent: {kind: openai, base_url: 'https://llm/v1/', model: m, api_key_env: LLM_KEY}\n");
        CHECK(folder.problems.errors == Lines{});
        CHECK(config.agent.base_url == "https://llm/v1");
        CHECK(config.agent.api_key.expose_secret() == "sk-1");
    }

    TEST_CASE("or from a file, and from one of them") {
        Folder folder;
        folder.write("key", "sk-2\n");
        const std::string openai = "agent: {kind: openai, base_url: http://llm/v1, model: m, ";
        const auto config = folder.load(openai + "api_key_file: key}\n");
        CHECK(folder.problems.errors == Lines{});
        CHECK(config.agent.api_key.expose_secret() == "sk-2");
        CHECK(config.agent.place_of_key() == (folder.path() / "key").string());
        folder.load(openai + "api_key_file: key, api_key_env: LLM_KEY}\n", {{"LLM_KEY", "sk-1"}});
        CHECK(folder.problems.errors == Lines{"agent.api_key_file: beside api_key_env nobody can "
                                              "say which is meant: remove one"});
        folder.write("key", "sk 2\n");
        folder.load(openai + "api_key_file: key}\n");
        CHECK(folder.problems.errors ==
              Lines{"agent.api_key_file: the value of " + (folder.path() / "key").string() +
                    " holds a blank, a line break or another character that no key has"});
        folder.load(openai + "api_key_file: none}\n");
        CHECK(folder.problems.errors ==
              Lines{"agent.api_key_file: " + (folder.path() / "none").string() +
                    ": cannot be read: No such file or directory"});
    }

    TEST_CASE("an agent needs no key") {
        Folder folder;
        const auto config =
            folder.load("agent: {kind: openai, base_url: http://llm/v1, model: m}\n");
        CHECK(folder.problems.errors == Lines{});
        CHECK(config.agent.api_key.empty());
    }

    TEST_CASE("single accounts have agents of their own, with keys of their own") {
        Folder folder;
        folder.write(".env", "LLM_KEY=sk-1\n");
        const auto config = folder.load(
            "agents:\n"
            "  - {accounts: [hr, wecom_callback/sales], kind: command, command: [./hr], timeout: "
            "5m}\n"
            "  - {accounts: [it], kind: openai, base_url: http://llm/v1, model: m,\n"
            "     api_key_env: LLM_KEY}\n");
        CHECK(folder.problems.errors == Lines{});
        CHECK(config.agent.kind == AgentKind::echo);
        REQUIRE(config.agents.size() == 2);
        CHECK(config.agents[0].accounts == Lines{"hr", "wecom_callback/sales"});
        CHECK(config.agents[0].config.command == Lines{"./hr"});
        CHECK(config.agents[0].config.folder == folder.path());
        CHECK(config.agents[0].config.timeout == std::chrono::minutes(5));
        CHECK(config.agents[0].config.setting("timeout") == "agents[0].timeout");
        CHECK(config.agents[1].config.api_key.expose_secret() == "sk-1");
    }

    TEST_CASE("what is wrong with an account's agent is named with its place in the list") {
        Folder folder;
        folder.load(
            "agents:\n"
            "  - {kind: command, command: [a]}\n"
            "  - {accounts: [hr], kind: command}\n"
            "  - {accounts: [it, hr], kind: openai, base_url: http://me@llm/v1, model: m}\n"
            "  - {accounts: [sales], turns_max: 3}\n"
            "  - sales\n");
        const Lines expected{
            "agents[0].accounts is missing: name those it answers for",
            "agents[1].command is missing: agents[1].kind command needs it",
            "agents[2].accounts: hr has an agent already: leave it out of one of them",
            "agents[3].turns_max: unknown key",
            "agents[4]: expected a map, got something else",
        };
        REQUIRE(folder.problems.errors.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            CHECK(folder.problems.errors[i] == expected[i]);
        }
    }

    TEST_CASE("the agents of accounts are a list") {
        Folder folder;
        folder.load("agents: {hr: {kind: echo}}\n");
        CHECK(folder.problems.errors ==
              Lines{"agents: expected a list of agents, each with its accounts, got a map"});
    }

    TEST_CASE("a variable does not enable a platform") {
        Folder folder;
        const auto config =
            folder.load("platforms: {wecom_callback: {enabled: false}}",
                        {{"WECOM_CALLBACK_CORP_ID", "ww1"}, {"WECOM_CALLBACK_CORP_SECRET", "s"}});
        CHECK_FALSE(config.platforms[0].enabled);
    }
}

TEST_SUITE("host_stub/config/host_config refuses") {
    TEST_CASE("unknown keys, each with its path and a suggestion") {
        Folder folder;
        folder.load(
            "plugin_dir: x\nagent: {knd: echo}\nlog: {levle: info}\n"
            "platforms: {a: {enable: true}, b: {port: 1}}\n");
        CHECK(folder.problems.errors ==
              Lines{"plugin_dir: unknown key, did you mean plugins_dir?",
                    "log.levle: unknown key, did you mean level?",
                    "agent.knd: unknown key, did you mean kind?",
                    "platforms.a.enable: unknown key, did you mean enabled?",
                    "platforms.b.port: unknown key, the platform's settings belong under "
                    "platforms.b.extra"});
    }

    TEST_CASE("words that are not among the choices") {
        Folder folder;
        folder.load("agent: {kind: comand}\nlog: {level: loud, format: xml}\n");
        CHECK(folder.problems.errors ==
              Lines{"log.level: expected debug, info, warning or error, got \"loud\"",
                    "log.format: expected text or json, got \"xml\"",
                    "agent.kind: expected echo, command or openai, got \"comand\", did you mean "
                    "command?"});
    }

    TEST_CASE("values of a wrong type") {
        Folder folder;
        folder.load(
            "plugins_dir: [a]\ndata_dir: ''\nlog: x\n"
            "agent: {command: python3 agent.py, timeout: soon, turns_max: 0}\n"
            "platforms: {a: yes, b: {enabled: maybe}}\n");
        CHECK(folder.problems.errors ==
              Lines{"plugins_dir: expected a folder, got a list",
                    "data_dir: expected a folder, got \"\"",
                    "log: expected a map, got something else",
                    "agent.command: expected a list of strings, such as [a, b], got \"python3 "
                    "agent.py\"",
                    "agent.timeout: expected a duration such as 30s, 45m, 24h or 7d, got \"soon\"",
                    "agent.turns_max: expected 1 to 1000, got 0",
                    "platforms.a: expected a map with enabled and extra, got something else",
                    "platforms.b.enabled: expected true or false, got \"maybe\""});
    }

    TEST_CASE("an agent without what its kind needs") {
        Folder folder;
        folder.load("agent: {kind: command}\n");
        CHECK(folder.problems.errors ==
              Lines{"agent.command is missing: agent.kind command needs it"});
        folder.load("agent: {kind: openai, model: m}\n");
        CHECK(folder.problems.errors ==
              Lines{"agent.base_url is missing: agent.kind openai needs it"});
        folder.load("agent: {kind: openai, base_url: http://llm/v1}\n");
        CHECK(folder.problems.errors ==
              Lines{"agent.model is missing: agent.kind openai needs it"});
    }

    TEST_CASE("no time is so long that it is over at once") {
        for (const std::string key : {"timeout", "notice_after", "notice_every"}) {
            Folder folder;
            folder.load("agent: {" + key + ": 999999d}\n");
            const std::string most = key == "timeout" ? "30d" : "365d";
            CAPTURE(folder.problems.errors.front());
            REQUIRE(folder.problems.errors.size() == 1);
            CHECK(folder.problems.errors.front().find(most) != std::string::npos);
        }
        Folder folder;
        folder.load("agent: {timeout: 0}\n");
        CHECK(folder.problems.errors.size() == 1);
    }

    TEST_CASE("a variable of the process that is empty is not set, and .env says what it is") {
        Folder folder;
        folder.write(".env", "A=file\nB=file\n");
        const auto config = folder.load("", {{"A", ""}, {"B", "process"}});
        CHECK(config.environment == Environment{{"A", "file"}, {"B", "process"}});
    }

    TEST_CASE("an address at which no agent can be, without showing a password") {
        Folder folder;
        const auto problem = [&](const std::string& url) {
            folder.load("agent: {kind: openai, model: m, base_url: '" + url + "'}\n");
            REQUIRE(folder.problems.errors.size() == 1);
            return folder.problems.errors.front();
        };
        for (const auto* url : {"llm/v1", "ftp://llm/v1", "http://llm:99999/v1"}) {
            CHECK(problem(url) ==
                  "agent.base_url: expected an address such as "
                  "http://127.0.0.1:8642/v1, got \"" +
                      std::string(url) + "\"");
        }
        CHECK(problem("http://me:secret@llm/v1") ==
              "agent.base_url: holds a user or a password: give the key through "
              "agent.api_key_env");
        CHECK(problem("http://llm/v1?key=secret") ==
              "agent.base_url: must end with its path, without ? or # and what follows them");
        CHECK(problem("http://llm/v1/chat/completions") ==
              "agent.base_url: leave out /chat/completions, which is added to it");
    }

    TEST_CASE("a key that is not there or can be none, without showing it") {
        Folder folder;
        const auto problem = [&](const std::string& name, const Environment& variables) {
            folder.load("agent: {kind: openai, model: m, base_url: http://llm/v1, api_key_env: " +
                            name + "}\n",
                        variables);
            REQUIRE(folder.problems.errors.size() == 1);
            return folder.problems.errors.front();
        };
        CHECK(problem("LLM_KEY", {}) ==
              "agent.api_key_env: the variable LLM_KEY is not set: set it in .env or in the "
              "environment");
        CHECK(problem("LLM_KEY", {{"LLM_KEY", ""}}) ==
              "agent.api_key_env: the variable LLM_KEY is empty: set it in .env or in the "
              "environment");
        CHECK(problem("LLM_KEY", {{"LLM_KEY", "sk-1\n"}}) ==
              "agent.api_key_env: the value of LLM_KEY holds a blank, a line break or another "
              "character that no key has");
        CHECK(problem("sk-secret", {}) ==
              "agent.api_key_env: expected the name of a variable that is set, such as "
              "OPENAI_API_KEY, and not the key itself");
    }

    TEST_CASE("a folder with a variable in its name") {
        Folder folder;
        folder.load(
            "data_dir: ${DATA}/hermes\nagent: {kind: command, command: [a], files: [\"${F}\"]}\n");
        CHECK(folder.problems.errors ==
              Lines{"data_dir holds ${DATA}, and variables are not filled in here: write the value "
                    "itself",
                    "agent.files holds ${F}, and variables are not filled in here: write the value "
                    "itself"});
    }

    TEST_CASE("a document that is no map") {
        Folder folder;
        folder.load("- a\n");
        CHECK(folder.problems.errors == Lines{(folder.path() / "config.yaml").string() +
                                              ": expected keys such as platforms"});
    }
}
