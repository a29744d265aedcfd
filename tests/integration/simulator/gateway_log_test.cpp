#include "simulator/gateway_log.hpp"

#include <doctest/doctest.h>

namespace hermes::host::simulator {

namespace {

GatewayLine debug_line(std::string message) {
    return {.time = "2026-11-24T08:00:00.123+0000",
            .level = "debug",
            .source = "wecom_callback",
            .message = std::move(message)};
}

GatewayLog log_of_one_message() {
    return GatewayLog([](std::string_view msgid) { return msgid == "7301" ? 5U : 0U; });
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
        auto step = log.step_of(debug_line("MsgId 7301 from lisi to hr: stored after 2.1 ms"));
        CHECK(step.kind == StepKind::committed);
        CHECK(step.entry == 5);
        CHECK(step.app == "hr");
        CHECK(step.user_id == "lisi");
        CHECK(step.summary == "stored after 2.1 ms");
        step = log.step_of(
            debug_line("event 17, MsgId 7301 from lisi to hr: goes to the agent, attempt 1"));
        CHECK(step.kind == StepKind::handed_over);
        CHECK(step.entry == 5);
        step = log.step_of(debug_line("event 17: the final reply is stored as message 9"));
        CHECK(step.kind == StepKind::reply_stored);
        CHECK(step.entry == 5);
        CHECK(step.user_id == "lisi");
    }

    TEST_CASE("a repeated callback is a step of the message that it repeats") {
        auto log = log_of_one_message();
        const auto step =
            log.step_of(debug_line("MsgId 7301 from lisi to hr: known already, after 0.3 ms"));
        CHECK(step.kind == StepKind::committed);
        CHECK(step.entry == 5);
    }

    TEST_CASE("an event of WeCom's is found by its member and app, having no MsgId") {
        auto log = log_of_one_message();
        const auto step = log.step_of(debug_line("an event from lisi to hr: stored after 1.0 ms"));
        CHECK(step.kind == StepKind::committed);
        CHECK(step.entry == 0);
        CHECK(step.user_id == "lisi");
        CHECK(step.app == "hr");
    }

    TEST_CASE("a message of an earlier simulator belongs to no entry") {
        auto log = log_of_one_message();
        const auto step = log.step_of(
            debug_line("event 3, MsgId 12 from lisi to hr: goes to the agent, attempt 2"));
        CHECK(step.kind == StepKind::handed_over);
        CHECK(step.entry == 0);
    }

    TEST_CASE("any other line is shown whole, also one that looks similar") {
        auto log = log_of_one_message();
        auto line = debug_line("event 17 of app hr is set aside: it failed");
        line.level = "error";
        const auto step = log.step_of(line);
        CHECK(step.kind == StepKind::gateway_log);
        CHECK(step.summary == "error [wecom_callback] event 17 of app hr is set aside: it failed");
        CHECK(log.step_of(debug_line("")).kind == StepKind::gateway_log);
        CHECK(log.step_of(debug_line("event : ")).kind == StepKind::gateway_log);
    }
}

}  // namespace hermes::host::simulator
