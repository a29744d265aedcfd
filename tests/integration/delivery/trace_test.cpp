// hermes.trace/1: the way of a message, step by step.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace sim = host::simulator;
using std::chrono::minutes;
using Kind = TraceStep::Kind;

namespace {

// The next step of that kind, past any other.
TraceStep next_of(RecordingHost& host, Kind kind) {
    auto step = host.steps.take();
    while (step && step->kind != kind) {
        step = host.steps.take();
    }
    REQUIRE(step);
    return *step;
}

}  // namespace

TEST_SUITE("delivery/trace") {
    TEST_CASE("a message's steps are told to a host that traces them, and to no other") {
        for (const bool traced : {true, false}) {
            AdapterRig rig;
            rig.host.traced = traced;
            rig.start();
            const auto event = rig.hear("hr", "alice", "hello");
            rig.reply(event, "hi");
            CHECK(rig.next_result().status == SendStatus::delivered);
            rig.stop();
            std::map<TraceStep::Kind, TraceStep> steps;
            while (rig.host.steps.size() > 0) {
                auto step = *rig.host.steps.take();
                steps.insert_or_assign(step.kind, std::move(step));
            }
            CHECK(steps.size() == (traced ? 5 : 0));
            if (!traced) {
                continue;
            }
            const auto& stored = steps[TraceStep::Kind::stored];
            CHECK(stored.account == "hr");
            CHECK(stored.user_id == "alice");
            CHECK(stored.sentence.starts_with("stored after "));
            CHECK(stored.took.has_value());
            const auto& handed_over = steps[TraceStep::Kind::handed_over];
            CHECK(handed_over.event == event.id);
            CHECK(handed_over.account == "hr");
            CHECK(handed_over.user_id == "alice");
            CHECK_FALSE(handed_over.message_id.empty());
            CHECK(handed_over.message_id == stored.message_id);
            CHECK(handed_over.sentence == "goes to the agent, attempt 1");
            const auto& reply = steps[TraceStep::Kind::reply_stored];
            CHECK(reply.event == event.id);
            CHECK(reply.sentence.starts_with("the final reply is stored as message "));
        }
    }

    TEST_CASE("each attempt is told before the platform hears of it, and what came of it") {
        AdapterRig rig;
        rig.start();
        const auto event = rig.hear("hr", "alice", "hello");
        rig.wecom.begin_outage();
        rig.reply(event, "hi");
        const auto first = next_of(rig.host, Kind::attempted);
        CHECK(first.event == event.id);
        CHECK(first.account == "hr");
        CHECK(first.user_id == "alice");
        CHECK(first.sentence.ends_with("goes to WeCom, attempt 1"));
        const auto put_off = next_of(rig.host, Kind::put_off);
        CHECK(put_off.event == event.id);
        CHECK(put_off.sentence.find(" waits, the next attempt is in ") != std::string::npos);
        rig.wecom.end_outage();
        rig.deliver_in_time(1, minutes{1}, 10);
        CHECK(next_of(rig.host, Kind::delivered).event == event.id);
        CHECK(rig.next_result().status == SendStatus::delivered);
    }

    TEST_CASE("a reply names its event after a restart too") {
        AdapterRig rig;
        rig.start();
        const auto event = rig.hear("hr", "alice", "hello");
        rig.wecom.begin_outage();
        rig.reply(event, "hi");
        next_of(rig.host, Kind::put_off);
        rig.stop();
        CHECK(rig.next_result().status == SendStatus::deferred);
        rig.wecom.end_outage();
        rig.start();
        rig.deliver_in_time(1, minutes{1}, 10);
        CHECK(next_of(rig.host, Kind::attempted).event == event.id);
        CHECK(next_of(rig.host, Kind::delivered).event == event.id);
    }

    TEST_CASE("a message that answers nothing names no event, and one of several parts ends once") {
        AdapterRig rig;
        rig.start();
        rig.send_text("hr", "ww1:alice", std::string(5000, 'x'));
        CHECK(rig.next_result().status == SendStatus::delivered);
        int attempts = 0;
        int deliveries = 0;
        while (rig.host.steps.size() > 0) {
            const auto step = rig.host.steps.take();
            CHECK(step->event == EventId());
            CHECK(step->user_id == "alice");
            attempts += step->kind == Kind::attempted ? 1 : 0;
            deliveries += step->kind == Kind::delivered ? 1 : 0;
        }
        CHECK(attempts > 1);
        CHECK(deliveries == 1);
    }

    TEST_CASE("a reply that is set aside says why") {
        AdapterRig rig;
        rig.start();
        const auto event = rig.hear("hr", "alice", "hello");
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        rig.reply(event, "hi");
        const auto step = next_of(rig.host, Kind::set_aside);
        CHECK(step.event == event.id);
        CHECK(step.sentence.find("60111") != std::string::npos);
        CHECK(rig.next_result().status == SendStatus::failed);
    }
}

}  // namespace hermes::test
