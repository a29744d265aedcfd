// The program is a function here; the browser tests have the real one.
#include "simulator/operator_desk.hpp"

#include <doctest/doctest.h>

#include <stop_token>
#include <string>
#include <vector>

namespace hermes::host::simulator {

namespace {

using base::ChildResult;
using End = ChildResult::End;

ChildResult exited(int status, std::string output, const std::string& errors = {}) {
    ChildResult result;
    result.end = End::exited;
    result.status = status;
    result.output = std::move(output);
    result.errors = errors;
    result.last_error_line = errors.substr(errors.rfind('\n') + 1);
    return result;
}

// Answers always the same, and remembers what it was asked.
struct Desk {
    explicit Desk(ChildResult given) : result(std::move(given)) {}

    ChildResult result;
    std::vector<std::string> asked{};
    std::string input{};  // of the last
    OperatorDesk desk{[this](const OperatorDesk::Request& request, const std::stop_token&) {
        std::string line;
        for (const auto& word : request.arguments) {
            line += (line.empty() ? "" : " ") + word;
        }
        asked.push_back(line);
        input = request.input;
        if (request.on_line) {
            request.on_line(result.output);
            auto told = result;
            told.output.clear();
            return told;
        }
        return result;
    }};
};

using Words = std::vector<std::string>;

}  // namespace

TEST_SUITE("simulator/operator_desk") {
    TEST_CASE("the state is what the commands print") {
        Desk desk(exited(0, "[1]\n"));
        CHECK(desk.desk.state({}) ==
              boost::json::object{{"platforms", {1}}, {"waiting", {1}}, {"dead", {1}}});
        CHECK(desk.asked == Words{"state --json", "state --json waiting --limit 50",
                                  "state --json dead list --limit 500"});
    }

    TEST_CASE("what is retried is named after the options, whatever it looks like") {
        Desk desk(exited(0, "--all will be tried again\n"));
        desk.desk.retry("--all", {});
        CHECK(desk.asked == Words{"state dead retry -- --all"});
    }

    TEST_CASE("who retries all is told how many") {
        Desk desk(exited(0, "3 dead letters will be tried again\n"));
        CHECK(desk.desk.retry_all({}) == "3 dead letters will be tried again");
        CHECK(desk.asked == Words{"state dead retry --all"});
    }

    TEST_CASE("another agent is tried with its section on stdin, and a text") {
        Desk desk(exited(0, R"({"outcome":"answered"})"));
        CHECK(desk.desk.try_agent({.agent = "agent: {}", .text = "--hello"}, {}).at("outcome") ==
              "answered");
        CHECK(desk.asked == Words{"agent try --json --agent - -- --hello"});
        CHECK(desk.input == "agent: {}");
    }

    TEST_CASE("the agent of an app is given once more what is on stdin, and need not answer") {
        Desk desk(exited(1, R"({"outcome":"failed"})", "something on stderr"));
        CHECK(desk.desk.try_agent({.account = "hr", .input = "{}"}, {}).at("outcome") == "failed");
        CHECK(desk.asked == Words{"agent try --json --account hr --input -"});
        CHECK(desk.input == "{}");
    }

    TEST_CASE("an agent that can't be tried at all says why") {
        Desk desk(
            exited(2, "", "warning: x\nerror: agent.kind: unknown\nerror: config.yaml: 1 error"));
        CHECK_THROWS_WITH(desk.desk.try_agent({.text = "hello"}, {}), "agent.kind: unknown");
    }

    TEST_CASE("one that is stopped before it could say anything was stopped, and did not fail") {
        std::stop_source stop;
        stop.request_stop();
        Desk desk(ChildResult{.end = ChildResult::End::cancelled});
        CHECK(desk.desk.try_agent({.text = "hello"}, stop.get_token()).at("outcome") ==
              "cancelled");
    }

    TEST_CASE("a command that fails says why in its own words") {
        CHECK_THROWS_WITH(
            Desk(exited(1, "", "error: there is no dead letter out-9")).desk.retry("out-9", {}),
            "there is no dead letter out-9");
        CHECK_THROWS_WITH(Desk(exited(2, "", "")).desk.state({}),
                          "the command ended without an answer");
        ChildResult not_started;
        not_started.problem = "No such file or directory";
        CHECK_THROWS_WITH(Desk(not_started).desk.retry_all({}), "No such file or directory");
        CHECK_THROWS_WITH(Desk(exited(0, "pending: 1")).desk.state({}),
                          "the command's answer is no JSON");
    }

    TEST_CASE("a set-up that does not work is found out, and no failure of the doctor's") {
        Desk desk(exited(1, R"({"verdict":"failed","subject":"agent","sentence":"is not there"})"));
        std::vector<std::string> subjects;
        desk.desk.examine(true,
                          [&](const boost::json::object& finding) {
                              subjects.emplace_back(finding.at("subject").as_string());
                          },
                          {});
        CHECK(subjects == Words{"agent"});
        CHECK(desk.asked == Words{"doctor --json --language zh"});
    }

    TEST_CASE("a doctor that could not look says why") {
        Desk desk(exited(2, "{}", "error: config.yaml: line 3: illegal map value"));
        CHECK_THROWS_WITH(desk.desk.examine(false, [](const boost::json::object&) {}, {}),
                          "config.yaml: line 3: illegal map value");
    }
}

}  // namespace hermes::host::simulator
