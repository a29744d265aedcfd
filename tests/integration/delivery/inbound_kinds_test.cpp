// Every kind that the simulated WeCom sends, through the whole adapter.
#include <doctest/doctest.h>

#include "integration/delivery/adapter_rig.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

// What the host is given when alice does that in hr.
MessageEvent heard(AdapterRig& rig, const sim::MemberMessage& message) {
    REQUIRE(rig.wecom.write("hr", "alice", message).acknowledged);
    auto event = rig.host.events.take();
    REQUIRE(event);
    rig.adapter->settle(event->id);
    return std::move(*event);
}

void check_not_heard(AdapterRig& rig, const sim::MemberMessage& message) {
    CHECK(rig.wecom.write("hr", "alice", message).acknowledged);
    CHECK(heard(rig, sim::text_message("marker")).text == "marker");
}

}  // namespace

TEST_SUITE("adapter/inbound kinds") {
    TEST_CASE("each kind that a member can send or choose reaches the host as what it is") {
        AdapterRig rig;
        rig.start();
        CHECK(heard(rig, sim::image_message("m1", "http://127.0.0.1/p")).kind ==
              MessageKind::image);
        CHECK(heard(rig, sim::voice_message("m2", "amr")).kind == MessageKind::voice);
        CHECK(heard(rig, sim::video_message("m3")).kind == MessageKind::video);
        const auto media_id = rig.wecom.keep_media("file", "application/pdf", "%PDF-1.7");
        const auto file = heard(rig, sim::file_message(media_id, "报告.pdf"));
        CHECK(file.kind == MessageKind::file);
        CHECK(file.text == "[sent a file] 报告.pdf");
        REQUIRE(file.attachments.size() == 1);
        CHECK(file.attachments[0].handle == media_id);
        CHECK(file.attachments[0].file_name == "报告.pdf");
        CHECK(heard(rig, sim::location_message("1", "2", "here")).kind == MessageKind::location);
        CHECK(heard(rig, sim::link_message("T", "D", "https://e.example")).kind ==
              MessageKind::link);
        CHECK(heard(rig, sim::event_message("click", "holidays")).text ==
              "[chose a menu entry] holidays");
        CHECK(heard(rig, sim::scan_message("scancode_waitmsg", "k", "asset 4711")).text ==
              "[scanned a code, and waits for an answer] asset 4711");
        CHECK(heard(rig, sim::chosen_place("k", "23.1", "113.3", "广州塔")).text ==
              "[chose a place] 广州塔 (latitude 23.1, longitude 113.3)");
    }

    TEST_CASE("what is passed over is acknowledged and never heard") {
        AdapterRig rig;
        rig.start();
        for (const auto* event : {"enter_agent", "subscribe", "view", "pic_weixin", "LOCATION"}) {
            CAPTURE(event);
            check_not_heard(rig, sim::event_message(event, "key"));
        }
        CHECK(rig.host.wait_for_line(LogLevel::debug, "nothing for an agent: event/subscribe"));
    }

    TEST_CASE("what WeCom says of the app's future is a warning with what to do") {
        AdapterRig rig;
        rig.start();
        check_not_heard(rig, sim::event_message("close_inactive_agent"));
        const auto line = rig.host.wait_for_line(LogLevel::warning, "app hr: ");
        REQUIRE(line);
        CHECK(*line ==
              "app hr: WeCom has switched the app off, since nobody used it: an administrator has "
              "to switch it on again in the admin console; until then nothing can be sent");
        check_not_heard(rig, sim::event_message("reopen_inactive_agent"));
        CHECK(rig.host.wait_for_line(LogLevel::info,
                                     "app hr: an administrator has switched the app on again"));
    }

    TEST_CASE("what is not known is acknowledged, counted, and named once a minute") {
        AdapterRig rig;
        rig.start();
        check_not_heard(rig, sim::event_message("new_in_2030"));
        check_not_heard(rig, sim::event_message("new_in_2031"));
        CHECK(rig.host.wait_for_line(LogLevel::info,
                                     "app hr: a callback of WeCom is of no use and acknowledged: "
                                     "this version does not know event/new_in_2030"));
        CHECK(rig.host.lines_with("new_in_2031") == 0);
        rig.clock.advance(std::chrono::minutes{2});
        check_not_heard(rig, sim::event_message("new_in_2032"));
        CHECK(rig.host.wait_for_line(LogLevel::info, "(1 more like it were not logged)"));
        auto socket = HttpSocket::connect(rig.port());
        socket.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const auto metrics = socket.read_to_end();
        CHECK(metrics.find("wecom_callbacks_total{app=\"hr\",outcome=\"unknown\"} 3") != std::string::npos);
    }
}

}  // namespace hermes::test
