// An app that WeCom turns away sends nothing but one probe at a time, says so, and goes on by
// itself.
#include <doctest/doctest.h>

#include "durable/delivery/lanes.hpp"
#include "integration/delivery/adapter_rig.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto under_way = hermes::durable::window_first;

// Sends sixty messages of which as many as may are under way before the first is answered.
void fill(AdapterRig& rig) {
    rig.wecom.add_fault(
        sim::delayed(sim::Call::send_message, milliseconds{500}, static_cast<int>(under_way)));
    for (int i = 0; i < 60; ++i) {
        rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
    }
    REQUIRE(rig.wecom.wait_for_send_calls({}, under_way, patience).size() == under_way);
}

// How many calls there are in all, one more than expected if so many come in a while.
std::size_t calls_after_a_while(AdapterRig& rig, std::size_t expected) {
    return rig.wecom.wait_for_send_calls({}, expected + 1, milliseconds{1500}).size();
}

}  // namespace

TEST_SUITE("delivery/pause") {
    TEST_CASE("an untrusted address pauses the app, says so once, and goes on when it is mended") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::untrusted_ip());
        rig.send_text("hr", "ww1:member0", "hello");  // alone: the others shall find the pause
        const auto line = rig.host.wait_for_line(LogLevel::error, "app hr sends nothing until");
        REQUIRE(line);
        CHECK(line->find("60020") != std::string::npos);
        CHECK(line->find("127.0.0.1") != std::string::npos);
        CHECK(line->find("trusted") != std::string::npos);
        for (int i = 1; i < 20; ++i) {
            rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
        }
        for (std::size_t calls = 2; calls <= 4; ++calls) {
            for (int i = 0; i < 5 && rig.wecom.send_calls().size() < calls; ++i) {
                rig.clock.advance(minutes{5});
                rig.wecom.wait_for_send_calls({}, calls, milliseconds{1100});
            }
            CHECK(rig.wecom.send_calls().size() == calls);  // one probe at a time
        }
        CHECK(rig.results.size() == 0);
        CHECK(rig.inspect()->summary().outbox.dead == 0);
        CHECK(rig.host.lines_with("sends nothing until") == 1);

        rig.wecom.clear_faults();
        rig.deliver_in_time(20, minutes{5}, 3);
        CHECK(rig.wecom.deliveries().size() == 20);
        CHECK(rig.host.wait_for_line(LogLevel::info, "app hr sends again"));
    }

    TEST_CASE("too many calls at once is no pause: fewer are under way, and each goes again soon") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(
            sim::api_error(sim::Call::send_message, 45033, static_cast<int>(under_way)));
        for (int i = 0; i < 20; ++i) {
            rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
        }
        rig.deliver_in_time(20, seconds{2}, 5);
        CHECK(rig.wecom.deliveries().size() == 20);
        CHECK(rig.host.lines_with("sends nothing until") == 0);
        CHECK(rig.host.lines_with("not delivered yet") == 0);
        CHECK(rig.inspect()->summary().outbox.dead == 0);
    }

    TEST_CASE("a pause lets what is under way come to its end, and begins nothing more") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::untrusted_ip());
        fill(rig);
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "app hr sends nothing until"));
        CHECK(calls_after_a_while(rig, under_way) == under_way);
        CHECK(rig.host.lines_with("sends nothing until") == 1);
        CHECK(rig.host.lines_with("sends again") == 0);
        rig.clock.advance(minutes{1});
        CHECK(calls_after_a_while(rig, under_way + 1) == under_way + 1);
    }

    TEST_CASE(
        "a paused app shows in /health and in a metric, without anything that is not public") {
        AdapterRig rig;
        rig.start();
        const auto port = rig.port();
        const auto get = [&](const std::string& path) {
            auto socket = HttpSocket::connect(port);
            socket.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return socket.read_to_end();
        };
        CHECK(get("/health").ends_with(R"({"status": "ok"})"));
        CHECK(get("/metrics").find("wecom_app_paused{app=\"hr\"} 0") != std::string::npos);
        rig.wecom.add_fault(sim::untrusted_ip());
        rig.send_text("hr", "ww1:alice", "hello");
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "sends nothing until"));
        CHECK(get("/health").ends_with(
            R"({"status":"ok","warnings":["app hr cannot send at the moment: WeCom answers 60020"]})"));
        CHECK(get("/metrics").find("wecom_app_paused{app=\"hr\"} 1") != std::string::npos);
        CHECK(get("/metrics").find("wecom_app_paused{app=\"it\"} 0") != std::string::npos);
        rig.wecom.clear_faults();
        rig.deliver_in_time(1, minutes{1}, 3);
        REQUIRE(rig.host.wait_for_line(LogLevel::info, "sends again"));
        CHECK(get("/health").ends_with(R"({"status": "ok"})"));
    }

    TEST_CASE("a rate limit stops what is queued at once, and ends with one probe") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 45009));
        fill(rig);
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "app hr sends nothing until"));
        CHECK(calls_after_a_while(rig, under_way) == under_way);
        rig.clock.advance(minutes{1});
        CHECK(calls_after_a_while(rig, under_way + 1) == under_way + 1);
        rig.wecom.clear_faults();
        rig.deliver_in_time(60, minutes{2}, 5);
        CHECK(rig.wecom.deliveries().size() == 60);
    }

    TEST_CASE("a WeCom that refuses every token costs few calls") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40014));
        for (int i = 0; i < 60; ++i) {
            rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
        }
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "app hr sends nothing until"));
        for (int i = 0; i < 20; ++i) {  // ten minutes
            rig.clock.advance(seconds{30});
            rig.wecom.wait_until([] { return false; }, milliseconds{100});
        }
        CHECK(rig.wecom.gettoken_calls() < 20);
        CHECK(rig.wecom.send_calls().size() < 40);
        rig.wecom.clear_faults();
        rig.deliver_in_time(60, minutes{5}, 5);
        CHECK(rig.wecom.deliveries().size() == 60);
    }
}

}  // namespace hermes::test
