#include "simulator/scenario/scenario_judge.hpp"

#include <doctest/doctest.h>

namespace hermes::host::simulator {

namespace {

using Act = ScenarioStep::Kind;

ScenarioStep expected(Act kind, std::string text) {
    return {.kind = kind, .app = "hr", .user_id = "alice", .text = std::move(text)};
}

Delivered text_of(std::string content) {
    return {.type = "text", .content = std::move(content)};
}

CallbackTry answered(unsigned status, std::string problem = {}) {
    return {.status = status, .body = {}, .problem = std::move(problem)};
}

}  // namespace

TEST_SUITE("simulator/scenario_judge") {
    TEST_CASE("a text is expected as a whole") {
        CHECK_FALSE(judge_answer(expected(Act::expect, "hello"), text_of("hello")));
        CHECK(judge_answer(expected(Act::expect, "hello"), text_of("hello!")) ==
              "alice in hr got \"hello!\", expected \"hello\"");
    }

    TEST_CASE("a regular expression is expected anywhere in the answer") {
        CHECK_FALSE(judge_answer(expected(Act::expect_match, "l+"), text_of("hello")));
        CHECK(judge_answer(expected(Act::expect_match, "^l+$"), text_of("hello")) ==
              "alice in hr got \"hello\", expected a match of \"^l+$\"");
    }

    TEST_CASE("an answer that does not come says how long it was waited for") {
        CHECK(judge_answer(expected(Act::expect, "hello"), std::nullopt) ==
              "alice in hr got nothing within 10 s, expected \"hello\"");
    }

    TEST_CASE("what differs fits one line, whatever it holds") {
        CHECK(judge_answer(expected(Act::expect, "a\nb"), text_of("\"c\"\t\\")) ==
              "alice in hr got \"\\\"c\\\"\\t\\\\\", expected \"a\\nb\"");
    }

    TEST_CASE("no control character reaches the terminal or a YAML file as it is") {
        CHECK(in_quotes("\x1b[2J\r\x7f 李") == "\"\\x1b[2J\\r\\x7f 李\"");
    }

    TEST_CASE("a file is expected by its name") {
        const Delivered file{.type = "file", .content = "media-1", .file_name = "leave.ics"};
        CHECK_FALSE(judge_answer(expected(Act::expect, "leave.ics"), file));
    }

    TEST_CASE("a file is expected by its kind, its name, its size and what it holds") {
        const Delivered came{.type = "image", .content = "media-1", .file_name = "chart.png"};
        const FileThatCame holds{.bytes = 7, .sha256 = "abc"};
        auto wanted = expected(Act::expect_file, "chart.png");
        wanted.media = "image";
        CHECK_FALSE(judge_file(wanted, came, holds));
        wanted.bytes = 7;
        wanted.sha256 = "abc";
        CHECK_FALSE(judge_file(wanted, came, holds));
        CHECK(judge_file(wanted, came, FileThatCame{.bytes = 7, .sha256 = "def"}) ==
              "alice in hr got image \"chart.png\" (7 bytes, sha256 def), expected image "
              "\"chart.png\" (7 bytes, sha256 abc)");
        wanted.sha256.clear();
        CHECK(judge_file(wanted, came, FileThatCame{.bytes = 8, .sha256 = "def"}));
        CHECK(judge_file(wanted, text_of("chart.png"), std::nullopt) ==
              "alice in hr got \"chart.png\", expected image \"chart.png\" (7 bytes)");
        wanted.media = "file";
        CHECK(judge_file(wanted, came, holds));
        CHECK(judge_file(wanted, std::nullopt, std::nullopt) ==
              "alice in hr got nothing within 10 s, expected file \"chart.png\" (7 bytes)");
    }

    TEST_CASE("a card is expected by what stands above its buttons") {
        const Delivered card{.type = "template_card",
                             .content = R"({"main_title": {"title": "Leave", "desc": "1 Dec"},
                                            "sub_title_text": "Take the day off?",
                                            "task_id": "t1"})"};
        CHECK(words_of(card) == "Leave\n1 Dec\nTake the day off?");
        CHECK(words_of("template_card", "no JSON", "") == "no JSON");
        CHECK(words_of("textcard", R"({"title":"T","description":"d","url":"https://x"})", "") ==
              "T\nd\nhttps://x");
    }

    TEST_CASE("a callback is acknowledged unless the scenario says that it is not") {
        const ScenarioStep written{.kind = Act::write};
        const ScenarioStep to_nobody{.kind = Act::write, .is_acknowledged = false};
        const CallbackResult taken{.acknowledged = true, .tries = {answered(200)}};
        const CallbackResult refused{.tries = {answered(403)}};
        const CallbackResult unreachable{.tries = {answered(0, "connection refused")}};
        CHECK_FALSE(judge_callback(written, taken));
        CHECK_FALSE(judge_callback(to_nobody, unreachable));
        CHECK(judge_callback(to_nobody, taken) ==
              "the gateway acknowledged what it was expected not to");
        CHECK(judge_callback(written, refused) ==
              "the gateway did not acknowledge it: it answered 403");
        CHECK(judge_callback(written, unreachable) ==
              "the gateway did not acknowledge it: connection refused");
    }
}

}  // namespace hermes::host::simulator
