// The agents in examples/agents, as somebody would put them to work.
#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "e2e/gateway_rig.hpp"
#include "support/places.hpp"

namespace hermes::test {
namespace {

namespace sim = host::simulator;

using Words = std::vector<std::string>;

std::string example(const std::string& name) {
    return std::string(HERMES_EXAMPLES) + '/' + name;
}

std::string command_agent(const std::string& words) {
    return "agent: {kind: command, command: [" + words + "], notice_after: 0}\n";
}

std::string leave_agent() {
    return "agent: {kind: command, output: json, command: [python3, " + example("leave.py") +
           "], notice_after: 0}\n";
}

// The example server on a port of its own choice; it ends with this.
class ChatServer {
public:
    ChatServer() {
        base::ProcessOptions options;
        options.command = {"python3", example("chat_server.py"), "0"};
        options.output = base::Stream::pipe;
        options.signal_at_our_end = SIGTERM;
        process_ = base::Process::start(options).value();
        std::string line;
        for (char c = 0; ::read(process_.output.get(), &c, 1) == 1 && c != '\n';) {
            line += c;
        }
        base_url_ = line.substr(line.rfind(' ') + 1);
    }
    ~ChatServer() {
        process_.signal(SIGTERM);
        process_.wait();
    }
    ChatServer(const ChatServer&) = delete;
    ChatServer& operator=(const ChatServer&) = delete;

    const std::string& base_url() const { return base_url_; }

private:
    base::Process process_;
    std::string base_url_;
};

}  // namespace

TEST_SUITE("e2e/examples") {
    TEST_CASE("notes.py keeps notes for each session") {
        GatewayRig rig({}, command_agent("python3, " + example("notes.py")));
        const auto says = [&](const std::string& user, const std::string& text) {
            CHECK(rig.write("hr", user, text));
            return rig.answer("hr", user);
        };
        CHECK(says("alice", "note: call 李 at three") == "Noted. You have 1 now.");
        CHECK(says("alice", "note: tea") == "Noted. You have 2 now.");
        CHECK(says("alice", "notes") == "1. call 李 at three\n2. tea");
        CHECK(says("bob", "notes") == "There are none yet.");
        says("alice", "/new");
        CHECK(says("alice", "notes") == "There are none yet.");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("arrivals.mjs tells what it was told") {
        GatewayRig rig({}, command_agent("node, " + example("arrivals.mjs")));
        CHECK(rig.write("hr", "alice", "good morning"));
        CHECK(rig.answer("hr", "alice")
                  .ends_with(
                      "you said \"good morning\". This is the first thing that you have said."));
        CHECK(rig.write("hr", "alice", "and now?"));
        CHECK(rig.answer("hr", "alice").ends_with("Before that you said \"good morning\"."));
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("leave.py asks with buttons, and what was pressed brings a file") {
        GatewayRig rig({}, leave_agent());
        CHECK(rig.write("hr", "alice", "leave 2026-12-01"));
        CHECK(rig.answer("hr", "alice") == "Let me see who else is away ...");
        const auto card = rig.next("hr", "alice");
        CHECK(card.type == "template_card");
        CHECK(rig.wecom.press("hr", "alice", card.msgid, "Take it").acknowledged);
        CHECK(rig.answer("hr", "alice") == "Enjoy your day.");
        const auto file = rig.next("hr", "alice");
        CHECK(file.file_name == "leave 2026-12-01.ics");
        CHECK(rig.wecom.media(file.content)->bytes.find("DTSTART;VALUE=DATE:20261201\r\n") !=
              std::string::npos);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("leave.py asks with numbers where members read in WeChat, and a number answers") {
        GatewayRig rig("choices: text\n", leave_agent());
        CHECK(rig.write("hr", "alice", "leave 2026-12-01"));
        CHECK(rig.answer("hr", "alice") == "Let me see who else is away ...");
        CHECK(rig.answer("hr", "alice") ==
              "Nobody else is away on 01 December 2026.\n\nTake the day off?\n\n1. Take it\n"
              "2. Do not\n\nReply with the number.");
        CHECK(rig.write("hr", "alice", "2"));
        CHECK(rig.answer("hr", "alice") == "Then you are expected.");
        CHECK(rig.write("hr", "alice", "2"));
        CHECK(rig.answer("hr", "alice") == "Write leave and a day, as in leave 2026-12-01.");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("ask.sh gives what was written to a program, and its answer back") {
        GatewayRig rig({}, command_agent("sh, " + example("ask.sh") + ", tr, a-z, A-Z"));
        CHECK(rig.write("hr", "alice", "it's \"quoted\" $HOME"));
        CHECK(rig.answer("hr", "alice") == "IT'S \"QUOTED\" $HOME");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("chat_server.py serves an agent of kind openai, and agent try shows it all") {
        const ChatServer server;
        GatewayRig rig(
            {}, "agent: {kind: openai, base_url: '" + server.base_url() + "', model: parrot}\n");
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "(1) You said: hello");
        CHECK(rig.write("hr", "alice", "again"));
        CHECK(rig.answer("hr", "alice") == "(2) You said: again");
        CHECK(rig.gateway->stop() == 0);
        const auto tried =
            run_host({"agent", "try", "你好", "--config", rig.files.config().string()});
        CHECK(tried.exit_code == 0);
        CHECK(tried.out.find("\"model\":\"parrot\"") != std::string::npos);
        CHECK(tried.out.ends_with(" ms:\n(1) You said: 你好\n"));
        const auto examined = run_host({"doctor", "--config", rig.files.config().string()});
        CHECK(examined.out.find("agent: " + server.base_url() + " answers") != std::string::npos);
    }

    TEST_CASE("agent try asks the agent of an account, and says why there is no answer") {
        const GatewayFiles files(
            three_apps_world(), "http://127.0.0.1:9", {},
            "agent: {kind: command, command: [sh, -c, 'echo no key >&2; exit 4']}\n"
            "agents: [{accounts: [it], kind: command, command: [cat]}]\n");
        const auto config = files.config().string();
        const auto failed = run_host({"agent", "try", "hello", "--config", config});
        CHECK(failed.exit_code == 1);
        CHECK(failed.err.find("agent.command exited with status 4: no key") != std::string::npos);
        const auto tried =
            run_host({"agent", "try", "hello", "--account", "it", "--config", config});
        CHECK(tried.exit_code == 0);
        CHECK(tried.out.find("\"account\":\"it\"") != std::string::npos);
        CHECK(tried.out.find("\"text\":\"hello\"") != std::string::npos);
        const auto json = run_host({"agent", "try", "hello", "--json", "--config", config});
        CHECK(json.exit_code == 1);
        CHECK(json.out.find(R"("outcome":"failed")") != std::string::npos);
        CHECK(json.out.find(R"("errors":"no key\n","ending":"exit status 4")") !=
              std::string::npos);
        const auto other = files.directory() / "other.yaml";
        std::ofstream(other) << "agent: {kind: command, command: [sh, -c, 'cat; cat >&2']}\n";
        const auto given = files.directory() / "given";
        std::ofstream(given) << "as it is";
        const auto tested = run_host({"agent", "try", "--input", given.string(), "--agent",
                                      other.string(), "--account", "it", "--config", config});
        CHECK(tested.exit_code == 0);
        CHECK(tested.out.find(" ms:\nas it is\n") != std::string::npos);
        std::ofstream(other) << "kind: command\ncommand: [cat]\n";
        const auto flat =
            run_host({"agent", "try", "hello", "--agent", other.string(), "--config", config});
        CHECK(flat.exit_code == 2);
        CHECK(flat.err.find("agent: there is no section `agent`") != std::string::npos);
        CHECK(run_host({"agent", "try", "--config", config}).exit_code == 2);
        const auto nowhere =
            run_host({"agent", "try", "hello", "--account", "legal", "--config", config});
        CHECK(nowhere.exit_code == 2);
        CHECK(nowhere.err == "error: --account legal is in no platform that is enabled\n");
        CHECK((tried.out + failed.out + failed.err).find("secret-of-") == std::string::npos);
    }

    TEST_CASE("agent try prints JSON as UTF-8 whatever the agent writes") {
        const GatewayFiles files(
            three_apps_world(), "http://127.0.0.1:9", {},
            "agent: {kind: command, command: [sh, -c, 'printf \"no caf\\351\" >&2; exit 1']}\n");
        const auto tried =
            run_host({"agent", "try", "hello", "--json", "--config", files.config().string()});
        const auto json = boost::json::parse(tried.out);
        CHECK(json.at("problem") == "agent.command exited with status 1: no caf\uFFFD");
        CHECK(json.at("errors") == "no caf\uFFFD");
    }

    TEST_CASE("agent try knows the only app that there is, which needs neither a list nor a name") {
        const GatewayFiles files(three_apps_world(), {});
        const auto config = files.config().string();
        const auto app = "corp_id: ww1, agent_id: 1000002, corp_secret: s, token: callbackToken, " +
                         ("encoding_aes_key: " + std::string(43, 'A'));
        for (const auto& extra : {app, "apps: [{" + app + "}]"}) {
            std::ofstream(config) << "plugins_dir: " << built_file("plugins")
                                  << "\nagents: [{accounts: [default], kind: command, command: "
                                     "[cat]}]\nplatforms: {wecom_callback: {enabled: true, extra: {"
                                  << extra << "}}}\n";
            for (const auto& account : {Words{}, Words{"--account", "default"}}) {
                Words words{"agent", "try", "hello", "--config", config};
                words.insert(words.end(), account.begin(), account.end());
                const auto tried = run_host(words);
                CAPTURE(tried.err);
                CHECK(tried.exit_code == 0);
                CHECK(tried.out.find("\"account\":\"default\"") != std::string::npos);
            }
        }
    }
}

}  // namespace hermes::test
