#include "simulator/gateways/gateway_log.hpp"

#include <doctest/doctest.h>

#include <tuple>

namespace hermes::host::simulator {

namespace {

// As a gateway writes it.
GatewayLine line_of(const std::string& sentence, const std::string& step) {
    const auto line = parse_gateway_line(
        R"({"time":"2026-11-24T08:00:00.123+0000","level":"debug","source":"wecom_callback",)"
        R"("message":")" +
        sentence + R"(","step":)" + step + "}");
    REQUIRE(line.has_value());
    return *line;
}

GatewayLog log_of_one_message() {
    return GatewayLog([](std::string_view msgid) { return msgid == "7301" ? 5U : 0U; },
                      [](std::string_view, std::string_view, std::uint64_t) { return 0U; });
}

}  // namespace

TEST_SUITE("simulator/gateway_log") {
    TEST_CASE("a line of the gateway's JSON log is read, anything else is left alone") {
        const auto line = parse_gateway_line(
            R"({"time":"T","level":"info","source":"gateway","message":"stopped"})");
        REQUIRE(line);
        CHECK(format_gateway_line(*line) == "T info [gateway] stopped");
        CHECK_FALSE(parse_gateway_line("gateway ready: wecom_callback"));
        CHECK_FALSE(parse_gateway_line("[1, 2]"));
        CHECK_FALSE(parse_gateway_line(""));
    }

    TEST_CASE("what happens to a message becomes steps of its entry") {
        auto log = log_of_one_message();
        auto step = log.step_of(
            line_of("stored after 2.1 ms",
                    R"({"kind":"stored","message_id":"7301","account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::committed);
        CHECK(step.entry == 5);
        CHECK(step.app == "hr");
        CHECK(step.user_id == "lisi");
        CHECK(step.summary == "stored after 2.1 ms");
        step = log.step_of(line_of("goes to the agent, attempt 1",
                                   R"({"kind":"handed_over","event":"17","message_id":"7301",)"
                                   R"("account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::handed_over);
        CHECK(step.entry == 5);
        step = log.step_of(line_of("the final reply is stored as message 9",
                                   R"({"kind":"reply_stored","event":"17"})"));
        CHECK(step.kind == StepKind::reply_stored);
        CHECK(step.entry == 5);
        CHECK(step.user_id == "lisi");
        CHECK(step.summary == "the final reply is stored as message 9");
    }

    TEST_CASE("a gateway that goes on after a restart of the simulator is understood") {
        auto before = log_of_one_message();
        const auto handed_over =
            before.step_of(line_of("goes to the agent, attempt 1",
                                   R"({"kind":"handed_over","event":"17","message_id":"7301",)"
                                   R"("account":"hr","user_id":"lisi"})"));
        auto log = GatewayLog([](std::string_view) { return 0U; },
                              [](std::string_view, std::string_view, std::uint64_t) { return 0U; });
        log.go_on_from({handed_over}, "");
        const auto step = log.step_of(
            line_of("the agent has answered", R"({"kind":"agent_answered","event":"17"})"));
        CHECK(step.entry == 5);
        CHECK(step.app == "hr");
        CHECK(step.user_id == "lisi");
    }

    TEST_CASE(
        "what the agent does, and what is tried, are steps of the entry that named the event") {
        auto log = log_of_one_message();
        log.step_of(line_of("goes to the agent, attempt 1",
                            R"({"kind":"handed_over","event":"17","message_id":"7301",)"
                            R"("account":"hr","user_id":"lisi"})"));
        const std::vector<std::pair<std::string, StepKind>> kinds{
            {"agent_begun", StepKind::agent_begun},
            {"agent_answered", StepKind::agent_answered},
            {"agent_silent", StepKind::agent_silent},
            {"agent_failed", StepKind::agent_failed},
            {"agent_stopped", StepKind::agent_stopped},
            {"agent_interrupted", StepKind::agent_interrupted},
            {"attempted", StepKind::attempted},
            {"put_off", StepKind::put_off},
            {"set_aside", StepKind::set_aside}};
        for (const auto& [word, kind] : kinds) {
            const auto step = log.step_of(line_of(
                "something",
                R"({"kind":")" + word + R"(","event":"17","account":"hr","user_id":"lisi"})"));
            CHECK(to_string(step.kind) == word);
            CHECK(step.kind == kind);
            CHECK(step.entry == 5);
            CHECK_FALSE(step.is_unprompted);
        }
    }

    TEST_CASE(
        "what an agent was given and said are the bytes of its step, and not of the log file") {
        auto log = log_of_one_message();
        const auto line = line_of(
            "the agent said 2 bytes",
            R"({"kind":"agent_answered","event":"17","given":"{\"text\":\"hi\"}","output":"yo\n",)"
            R"("errors":"warm\nhot","ending":"exit status 0"})");
        const auto step = log.step_of(line);
        CHECK(step.request == R"({"text":"hi"})");
        CHECK(step.response == "yo\n");
        CHECK(step.plain == "warm\nhot\nexit status 0");
        CHECK(format_gateway_line(line).find("hi") == std::string::npos);
        CHECK(log.step_of(line_of("stored", R"({"kind":"stored","event":"17"})")).plain.empty());
    }

    TEST_CASE("a reply is accepted when WeCom has all of it, and an interim one is none") {
        auto before = log_of_one_message();
        before.step_of(line_of("goes to the agent, attempt 1",
                               R"({"kind":"handed_over","event":"17","message_id":"7301",)"
                               R"("account":"hr","user_id":"lisi"})"));
        const auto stored = before.step_of(line_of("the final reply is stored as message 8",
                                                   R"({"kind":"reply_stored","event":"17"})"));
        auto after = log_of_one_message();
        after.go_on_from({stored}, "");
        const std::string delivered =
            R"({"kind":"delivered","event":"17","account":"hr","user_id":"lisi"})";
        for (auto* const log : {&before, &after}) {
            CHECK(log->step_of(line_of("WeCom has accepted message 7", delivered)).kind ==
                  StepKind::gateway_log);
            CHECK(log->step_of(line_of("WeCom has accepted part 2 of 2 of message 8", delivered))
                      .kind == StepKind::accepted);
        }
    }

    TEST_CASE("what the gateway answers by itself is accepted, too, though nobody was handed it") {
        std::uint64_t pressed = 5;
        GatewayLog log([](std::string_view) { return 0U; },
                       [&](std::string_view, std::string_view, std::uint64_t) {
                           return std::exchange(pressed, 0);
                       });
        log.step_of(line_of("stored", R"({"kind":"stored","account":"hr","user_id":"lisi"})"));
        log.step_of(line_of("the final reply is stored as message 9",
                            R"({"kind":"reply_stored","event":"17"})"));
        for (const std::string kind : {"attempted", "delivered"}) {
            const auto step = log.step_of(
                line_of("WeCom has accepted message 9", R"({"kind":")" + kind +
                                                            R"(","event":"17","account":"hr",)"
                                                            R"("user_id":"lisi"})"));
            CHECK(step.entry == 5);
            CHECK(to_string(step.kind) == (kind == "delivered" ? "accepted" : kind));
        }
    }

    TEST_CASE("a delivery without an event answers nothing") {
        auto log = log_of_one_message();
        const auto step = log.step_of(line_of(
            "message 3 goes to WeCom", R"({"kind":"attempted","account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::attempted);
        CHECK(step.entry == 0);
        CHECK(step.is_unprompted);
    }

    TEST_CASE("the words of a sentence mean nothing: the step is told apart from them") {
        auto log = log_of_one_message();
        const auto step = log.step_of(line_of(
            "etwas ganz anderes",
            R"({"kind":"known_already","message_id":"7301","account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::known_already);
        CHECK(step.entry == 5);
        CHECK(step.summary == "etwas ganz anderes");
    }

    TEST_CASE("an event of WeCom's is found by its member and app, having no MsgId") {
        auto log = log_of_one_message();
        const auto step = log.step_of(
            line_of("stored after 1.0 ms", R"({"kind":"stored","account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::committed);
        CHECK(step.entry == 0);
        CHECK(step.user_id == "lisi");
        CHECK(step.app == "hr");
    }

    TEST_CASE("of two events each is its own entry, though neither has a MsgId") {
        std::uint64_t under_way = 8;
        auto log = GatewayLog(
            [](std::string_view) { return 0U; },
            [&](std::string_view app, std::string_view user_id, std::uint64_t after) {
                return app == "hr" && user_id == "lisi" && under_way > after ? under_way : 0;
            });
        const auto entry_of = [&](const std::string& kind, const std::string& event) {
            return log
                .step_of(line_of("something", R"({"kind":")" + kind + R"(","event":")" + event +
                                                  R"(","account":"hr","user_id":"lisi"})"))
                .entry;
        };
        CHECK(entry_of("stored", "") == 8);
        under_way = 9;
        CHECK(entry_of("stored", "") == 9);
        CHECK(entry_of("handed_over", "17") == 8);
        CHECK(entry_of("agent_begun", "17") == 8);
        CHECK(entry_of("handed_over", "18") == 9);
        CHECK(entry_of("attempted", "17") == 8);
        CHECK(entry_of("attempted", "18") == 9);
        CHECK(entry_of("handed_over", "19") == 0);
    }

    TEST_CASE("an event of another database is not the one of the same number in the first") {
        const auto handed_over = line_of(
            "something", R"({"kind":"handed_over","event":"17","account":"hr","user_id":"lisi"})");
        const auto stored =
            line_of("something", R"({"kind":"stored","account":"hr","user_id":"lisi"})");
        std::vector<WireStep> past;
        for (const auto& [state, entry, committed] :
             {std::tuple("", 5U, true), std::tuple("postgresql", 9U, true),
              std::tuple("", 5U, false), std::tuple("postgresql", 9U, false)}) {
            auto log = GatewayLog([](std::string_view) { return 0U; },
                                  [number = entry](std::string_view, std::string_view,
                                                   std::uint64_t) { return number; });
            log.go_on_from(past, state);
            if (committed) {
                past.push_back(log.step_of(stored));
            }
            past.push_back(log.step_of(handed_over));
            CHECK(past.back().entry == entry);
        }
    }

    TEST_CASE("a message of an earlier simulator belongs to no entry") {
        auto log = log_of_one_message();
        const auto step = log.step_of(line_of("goes to the agent, attempt 2",
                                              R"({"kind":"handed_over","event":"3","message_id":)"
                                              R"("12","account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::handed_over);
        CHECK(step.entry == 0);
    }

    TEST_CASE("a step that the page has no place for is a line of the log, of its message") {
        auto log = log_of_one_message();
        const auto step = log.step_of(
            line_of("not delivered yet",
                    R"({"kind":"settled","message_id":"7301","account":"hr","user_id":"lisi"})"));
        CHECK(step.kind == StepKind::gateway_log);
        CHECK(step.entry == 5);
        CHECK(step.summary == "debug [wecom_callback] not delivered yet");
    }

    TEST_CASE("any other line is shown whole, also one that looks similar") {
        auto log = log_of_one_message();
        auto line = line_of("event 17 of app hr is set aside: it failed", "null");
        CHECK_FALSE(line.step);
        line.level = "error";
        const auto step = log.step_of(line);
        CHECK(step.kind == StepKind::gateway_log);
        CHECK(step.summary == "error [wecom_callback] event 17 of app hr is set aside: it failed");
        CHECK(log.step_of(line_of("", "7")).kind == StepKind::gateway_log);
        CHECK(log.step_of(line_of("MsgId 7301 from lisi to hr: stored after 2.1 ms", "[]")).kind ==
              StepKind::gateway_log);
        CHECK(log.step_of(line_of("", "{}")).entry == 0);
    }
}

}  // namespace hermes::host::simulator
