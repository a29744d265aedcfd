#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "agents/agent.hpp"
#include "base/child_process.hpp"
#include "fakes.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
using hermes::host::test::event;
using Outcome = AgentReply::Outcome;

namespace {

AgentReply run(std::vector<std::string> command, std::chrono::seconds timeout,
               std::stop_token stop = {}, const Environment& more = {}) {
    AgentConfig config;
    config.kind = AgentKind::command;
    config.command = std::move(command);
    config.timeout = timeout;
    auto environment = more;
    environment.emplace("PATH", "/usr/bin:/bin");
    AgentRequest request;
    request.event = event("e1", "你好 \"x\"\n");
    request.event.user_name = "Zhang San";
    request.event.attempt = 2;
    request.event.redelivered = true;
    request.event.details = {{"MsgType", "text"}, {"attachments[1].problem", "it is empty"}};
    request.event.attachments = {{hermes::MessageKind::image, "m1", "http://u", "/p", "f", "t", 5},
                                 {.kind = hermes::MessageKind::file, .handle = "m2"}};
    request.event.choice = hermes::MadeChoice{"q1", "yes"};
    request.event.sent_at = std::chrono::system_clock::from_time_t(1'700'000'000);
    request.session_id = "s1";
    request.history = {{"q", "a"}};
    return make_agent(config, environment)->answer(request, std::move(stop));
}

AgentReply run_shell(const std::string& script,
                     std::chrono::seconds timeout = hermes::test::patience,
                     std::stop_token stop = {}, const Environment& more = {}) {
    return run({"sh", "-c", script}, timeout, std::move(stop), more);
}

// Waits until a child has written its process id into `file`.
pid_t pid_from(const std::filesystem::path& file) {
    std::string line;
    REQUIRE(hermes::test::eventually([&] {
        std::ifstream in(file);
        return std::getline(in, line) && !in.eof();
    }));
    return std::stoi(line);
}

// A killed process that nobody has reaped yet still has its number, but is a zombie.
bool is_alive(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::ostringstream text;
    text << in.rdbuf();
    const auto after_name = text.str().rfind(')');
    return after_name != std::string::npos && text.str()[after_name + 2] != 'Z';
}

// Its reply, if it is stopped once `is_time` has returned.
AgentReply run_and_stop(const std::string& command, std::chrono::seconds timeout,
                        const std::function<void()>& is_time) {
    std::stop_source stop;
    AgentReply reply;
    std::thread turn([&] { reply = run_shell(command, timeout, stop.get_token()); });
    is_time();
    stop.request_stop();
    turn.join();
    return reply;
}

bool eventually_dead(pid_t pid) {
    return hermes::test::eventually([pid] { return !is_alive(pid); });
}

}  // namespace

TEST_SUITE("host_stub/agents/command") {
    TEST_CASE("the program gets one JSON object and its output is the answer") {
        const auto reply = run_shell("cat");
        REQUIRE(reply.outcome == Outcome::answered);
        const auto json = boost::json::parse(reply.text);
        CHECK(json.at("platform") == "wecom_callback");
        CHECK(json.at("account") == "hr");
        CHECK(json.at("chat") == "corp:zhangsan");
        CHECK(json.at("user") == "corp:zhangsan");
        CHECK(json.at("user_name") == "Zhang San");
        CHECK(json.at("text") == "你好 \"x\"\n");
        CHECK(json.at("kind") == "text");
        CHECK(json.at("event_id") == "e1");
        CHECK(json.at("sent_at") == 1'700'000'000);
        CHECK(json.at("session_id") == "s1");
        CHECK(json.at("attempt") == 2);
        CHECK(json.at("redelivered") == true);
        CHECK(json.at("details").at("MsgType") == "text");
        CHECK(json.at("history").at(0).at("question") == "q");
        CHECK(json.at("history").at(0).at("answer") == "a");
        const auto& attachment = json.at("attachments").at(0);
        CHECK(attachment.at("kind") == "image");
        CHECK(attachment.at("media_id") == "m1");
        CHECK(attachment.at("path") == "/p");
        CHECK(attachment.at("size") == 5);
        CHECK_FALSE(attachment.as_object().contains("problem"));
        CHECK(json.at("attachments").at(1).at("path") == "");
        CHECK(json.at("attachments").at(1).at("problem") == "it is empty");
        CHECK(json.at("choice").at("question") == "q1");
        CHECK(json.at("choice").at("choice") == "yes");
    }

    TEST_CASE("what is given as it is takes the place of what would be made of the message") {
        AgentConfig config;
        config.kind = AgentKind::command;
        config.command = {"cat"};
        config.timeout = hermes::test::patience;
        AgentRequest request;
        request.event = event("e1", "hello");
        request.input = "{\"text\": \"changed\"}";
        const auto agent = make_agent(config, {{"PATH", "/usr/bin:/bin"}});
        CHECK(agent->given(request) == request.input);
        CHECK(agent->answer(request, {}).text == request.input);
        CHECK(make_echo_agent()->answer(request, {}).text == "echo: " + request.input);
    }

    TEST_CASE("what it wrote and how it ended are told, with an answer and without") {
        const auto answered = run_shell("echo said; echo thought >&2").talk;
        CHECK(answered.output == "said\n");
        CHECK(answered.errors == "thought\n");
        CHECK(answered.ending == "exit status 0");
        CHECK(answered.given.empty());
        const auto failed = run_shell("echo half; echo one >&2; echo two >&2; exit 3").talk;
        CHECK(failed.output == "half\n");
        CHECK(failed.errors == "one\ntwo\n");
        CHECK(failed.ending == "exit status 3");
        CHECK(run_shell("kill -9 $$").talk.ending == "signal 9");
        CHECK(run({"/nowhere/agent"}, hermes::test::patience).talk.ending.empty());
    }

    TEST_CASE("blank space at the end of the answer is cut off, and what is not UTF-8 replaced") {
        CHECK(run_shell("printf 'a\\n\\nb\\377 \\n\\n'").text == "a\n\nb\uFFFD");
        CHECK(run_shell("printf '\\n'").text == "");
    }

    TEST_CASE("a long answer is whole, also with as much on stderr") {
        const auto reply = run_shell(
            "i=0; while [ $i -lt 2000 ]; do printf '%0100d' $i; printf '%0100d\\n' $i >&2; "
            "i=$((i+1)); done");
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text.size() == 200'000);
    }

    TEST_CASE("a program that does not read its input is no problem") {
        CHECK(run_shell("exec 0<&-; echo done").text == "done");
    }

    TEST_CASE("the program gets the environment it is given and nothing else of this process") {
        ::setenv("HERMES_TEST_SECRET", "hunter2", 1);
        const auto reply =
            run_shell("echo \"$GREETING$HERMES_TEST_SECRET\"; ls /proc/self/fd | wc -l",
                      hermes::test::patience, {}, {{"GREETING", "hello"}});
        ::unsetenv("HERMES_TEST_SECRET");
        CHECK(reply.text == "hello\n4");  // 0, 1, 2 and the folder that ls reads
    }
}

TEST_SUITE("host_stub/agents/command folder") {
    TEST_CASE("the program is found, and runs, relative to the configuration") {
        const hermes::test::TempDirectory folder;
        std::ofstream(folder.path() / "agent.sh") << "#!/bin/sh\npwd\n";
        std::filesystem::permissions(folder.path() / "agent.sh", std::filesystem::perms::owner_all);
        AgentConfig config;
        config.kind = AgentKind::command;
        config.command = {"./agent.sh"};
        config.folder = folder.path();
        config.timeout = hermes::test::patience;
        const auto reply = make_agent(config, {})->answer({}, {});
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text == folder.path().string());
    }
}

TEST_SUITE("host_stub/agents/command fails") {
    TEST_CASE("with the exit status and the last line of stderr") {
        const auto reply = run_shell("echo ignored; echo first >&2; echo 'no key' >&2; exit 3");
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.text == "");
        CHECK(reply.problem == "agent.command exited with status 3: no key");
        CHECK(run_shell("exit 1").problem == "agent.command exited with status 1");
        CHECK(run_shell("printf 'no caf\\351' >&2; exit 1").problem ==
              "agent.command exited with status 1: no caf\uFFFD");
    }

    TEST_CASE("with the last line of stderr, however much is said at once before it ends") {
        const hermes::test::TempDirectory folder;
        const auto said = folder.path() / "said";
        std::ofstream(said) << std::string(63'000, 'x') << "\nthe reason\n";
        for (int time = 0; time < 30; ++time) {
            CHECK(run_shell("cat '" + said.string() + "' >&2; exit 3").problem ==
                  "agent.command exited with status 3: the reason");
        }
    }

    TEST_CASE("with the signal that ended it") {
        CHECK(run_shell("kill -9 $$").problem == "agent.command was killed by signal 9");
    }

    TEST_CASE("if the program is not there") {
        const auto reply = run({"/nowhere/agent"}, hermes::test::patience);
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem ==
              "agent.command cannot be run: /nowhere/agent: No such file or directory");
    }

    TEST_CASE("if it says more than a reply may hold") {
        const auto reply = run_shell("yes | head -c 5000000; sleep 60");
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem == "agent.command wrote more than 4194304 bytes");
    }
}

TEST_SUITE("host_stub/agents/command is ended") {
    TEST_CASE("by its timeout, with everything that it has started") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "pid";
        const auto reply = run_shell("sleep 600 & echo $! > " + file.string() + "; sleep 600",
                                     std::chrono::seconds(1));
        CHECK(reply.outcome == Outcome::timed_out);
        CHECK(reply.problem == "agent.command took longer than agent.timeout (1 s) and was killed");
        CHECK(eventually_dead(pid_from(file)));
    }

    TEST_CASE("by a stop, with everything that it has started") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "pid";
        pid_t pid = 0;
        const auto reply = run_and_stop("sleep 600 & echo $! > " + file.string() + "; sleep 600",
                                        hermes::test::patience, [&] {
                                            pid = pid_from(file);
                                            CHECK(is_alive(pid));
                                        });
        CHECK(reply.outcome == Outcome::cancelled);
        CHECK(eventually_dead(pid));
    }

    TEST_CASE("for sure, if it does not listen to a polite signal") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "pid";
        pid_t pid = 0;
        std::chrono::steady_clock::time_point asked;
        const auto reply = run_and_stop("trap '' TERM; printf 'so far'; echo $$ > " +
                                            file.string() + "; while :; do sleep 1; done",
                                        std::chrono::seconds(600), [&] {
                                            pid = pid_from(file);
                                            asked = std::chrono::steady_clock::now();
                                        });
        CHECK(reply.outcome == Outcome::cancelled);
        CHECK(reply.talk.output == "so far");
        CHECK(std::chrono::steady_clock::now() - asked >= hermes::base::kill_grace);
        CHECK(eventually_dead(pid));
    }

    TEST_CASE("even before it was asked to begin") {
        std::stop_source stop;
        stop.request_stop();
        CHECK(run_shell("sleep 600", std::chrono::seconds(600), stop.get_token()).outcome ==
              Outcome::cancelled);
    }

    TEST_CASE("when it has answered, whoever still holds its output") {
        const auto reply = run_shell("sleep 600 & echo done");
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text == "done");
    }

    TEST_CASE("when it has ended, though what it has set apart goes on writing") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "pid";
        const auto name = file.string();
        hermes::base::ChildOptions options;
        options.command = {"sh", "-c",
                           "setsid sh -c 'echo $$ > " + name +
                               "; exec yes $(printf %01000d 0)' & while [ ! -s " + name +
                               " ]; do sleep 0.01; done"};
        options.environment = {"PATH=/usr/bin:/bin"};
        options.timeout = hermes::test::patience;
        options.output_bytes_max = 64'000'000;
        // Slower than the writer, so that there is always more to read.
        options.on_line = [](auto) {
            const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(100);
            while (std::chrono::steady_clock::now() < end) {
            }
        };
        const auto child = hermes::base::run_child(options, {});
        CHECK(child.end == hermes::base::ChildResult::End::exited);
        const auto writer = pid_from(file);
        ::kill(-writer, SIGKILL);
        CHECK(eventually_dead(writer));
    }

    TEST_CASE("by a stop after it has answered, and the answer counts") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "pid";
        const auto reply = run_and_stop("sleep 600 & echo $$ > " + file.string() + "; echo done",
                                        hermes::test::patience, [&] {
                                            // The program, whose child still holds its output.
                                            CHECK(eventually_dead(pid_from(file)));
                                        });
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text == "done");
    }

    TEST_CASE("output in objects: words ahead are said while the program runs, then the answer") {
        AgentConfig config;
        config.kind = AgentKind::command;
        config.output = AgentOutput::json;
        config.timeout = hermes::test::patience;
        const hermes::test::TempDirectory folder;
        const auto go = (folder.path() / "go").string();
        // The answer comes only when the test has heard what is ahead of it.
        config.command = {"sh", "-c",
                          "echo '{\"type\": \"interim\", \"text\": \"reading\"}';"
                          "while [ ! -e " +
                              go +
                              " ]; do sleep 0.01; done;"
                              "printf '{\"type\": \"reply\", \"text\": \"done\"}'"};
        AgentRequest request;
        request.event = event("e1", "hello");
        std::vector<std::string> said;
        request.say = [&](const std::string& text) {
            said.push_back(text);
            std::ofstream(go) << "go";
        };
        const auto reply = make_agent(config, {{"PATH", "/usr/bin:/bin"}})->answer(request, {});
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text == "done");
        CHECK(said == std::vector<std::string>{"reading"});
    }

    TEST_CASE(
        "output in objects: a line that is none is a failure, or a warning beside an answer") {
        const auto run_json = [](const std::string& script) {
            AgentConfig config;
            config.kind = AgentKind::command;
            config.output = AgentOutput::json;
            config.timeout = hermes::test::patience;
            config.command = {"sh", "-c", script};
            AgentRequest request;
            request.event = event("e1", "hello");
            return make_agent(config, {{"PATH", "/usr/bin:/bin"}})->answer(request, {});
        };
        auto reply = run_json("echo oops");
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem == "agent.command wrote a line that is no JSON object");
        reply = run_json("echo oops; echo '{\"type\": \"reply\", \"text\": \"done\"}'");
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text == "done");
        CHECK(reply.warnings ==
              std::vector<std::string>{"agent.command wrote a line that is no JSON object"});
        reply = run_json(
            "echo '{\"type\": \"interim\", \"text\": \"look\", \"attachments\": [{\"path\": "
            "\"/a\"}]}'");
        CHECK(reply.warnings == std::vector<std::string>{"agent.command wrote an interim with "
                                                         "attachments or choices: only a reply has "
                                                         "them"});
        CHECK(run_json("echo '{\"type\": \"interim\", \"text\": \"x\", \"choices\": null}'")
                  .warnings.empty());
        reply = run_json("true");
        CHECK(reply.outcome == Outcome::answered);
        CHECK_FALSE(reply.has_content());
        CHECK(run_json("echo '{\"type\": \"reply\", \"text\": \"x\"}'; exit 3").outcome ==
              Outcome::failed);
    }

    TEST_CASE("the turn's folder is in the program's environment") {
        AgentConfig config;
        config.kind = AgentKind::command;
        config.timeout = hermes::test::patience;
        config.command = {"sh", "-c",
                          "printf 123456 > $HERMES_FILES/a.txt; echo MEDIA:$HERMES_FILES/a.txt"};
        const hermes::test::TempDirectory room;
        AgentRequest request;
        request.event = event("e1", "hello");
        request.files = {.room = room.path(), .count_max = 1, .bytes_max = 100};
        const auto reply = make_agent(config, {{"PATH", "/usr/bin:/bin"}})->answer(request, {});
        CHECK(reply.text == "");
        REQUIRE(reply.attachments.size() == 1);
        CHECK(reply.attachments[0].file_name == "a.txt");
    }
}
