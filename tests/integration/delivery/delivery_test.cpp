#include <doctest/doctest.h>

#include <algorithm>

#include "durable/delivery/lanes.hpp"
#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

TEST_SUITE("delivery") {
    TEST_CASE("a reply leaves through the app that the event came in on, to its sender alone") {
        AdapterRig rig;
        rig.start();
        rig.reply(rig.hear("hr", "alice", "one"), "answer one");
        rig.reply(rig.hear("it", "alice", "two"), "answer two");
        rig.reply(rig.hear("sales", "alice", "three"), "answer three");
        for (int i = 0; i < 3; ++i) {
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
        CHECK(contents(rig.wecom.deliveries({.app = "hr", .corp_id = "ww1", .user_id = "alice"})) ==
              std::vector<std::string>{"answer one"});
        CHECK(contents(rig.wecom.deliveries({.app = "it"})) ==
              std::vector<std::string>{"answer two"});
        CHECK(contents(rig.wecom.deliveries({.app = "sales", .corp_id = "ww2"})) ==
              std::vector<std::string>{"answer three"});
        CHECK(rig.wecom.deliveries().size() == 3);
    }

    TEST_CASE("50 sends with a dead token make exactly one gettoken") {
        AdapterRig rig;
        rig.start();
        rig.send_text("hr", "ww1:alice", "first");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        REQUIRE(rig.wecom.gettoken_calls("hr") == 1);
        for (const int code : {40014, 42001, 41001, 40001}) {
            CAPTURE(code);
            const auto before = rig.wecom.gettoken_calls("hr");
            rig.wecom.revoke_access_token("hr", code);
            for (int i = 0; i < 50; ++i) {
                rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
            }
            for (int i = 0; i < 50; ++i) {
                CHECK(rig.next_result().status == SendStatus::delivered);
            }
            CHECK(rig.wecom.gettoken_calls("hr") == before + 1);
        }
    }

    TEST_CASE("a token survives a restart and is renewed ahead of its end") {
        AdapterRig rig;
        rig.start();
        rig.send_text("hr", "ww1:alice", "first");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        rig.restart();
        rig.send_text("hr", "ww1:alice", "second");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.gettoken_calls("hr") == 1);
        rig.clock.advance(seconds{7200 - 30});  // still valid, soon not
        rig.send_text("hr", "ww1:alice", "third");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.wait_until([&] { return rig.wecom.gettoken_calls("hr") == 2; }, patience));
    }

    TEST_CASE("a message that fails for good fails at once, with the remedy") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        rig.send_text("hr", "ww1:alice", "hello");
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::not_found);
        CHECK(result.platform_code == 60111);
        CHECK(result.detail.find("there is no member of this id") != std::string::npos);
        CHECK(result.detail.find("check that the chat is") != std::string::npos);
        CHECK(rig.wecom.send_calls().size() == 1);

        rig.wecom.clear_faults();
        const auto dead = rig.inspect()->dead_letters(10);
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].content == "hello");
        CHECK(dead[0].platform_code == 60111);
        CHECK(dead[0].account == "hr");
        CHECK(rig.inspect()->retry(dead[0].id));
        rig.clock.advance(seconds{2});  // the adapter looks once a second
        CHECK(rig.wecom.wait_for_delivery({.app = "hr", .content = "hello"}, patience));
    }

    TEST_CASE("a member that WeCom does not know is a failure, not a success") {
        AdapterRig rig;
        rig.start();
        rig.send_text("hr", "ww1:nobody", "hello");
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(rig.wecom.deliveries().empty());
    }

    TEST_CASE("an hour of outage loses nothing and keeps the order") {
        AdapterRig rig;
        rig.start();
        const auto event = rig.hear("hr", "alice", "question");
        rig.wecom.begin_outage();
        rig.reply(event, "line 0");
        for (int i = 1; i < 5; ++i) {
            rig.send_text("hr", "ww1:alice", "line " + std::to_string(i));
        }
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.clock.advance(hours{1});
        rig.wecom.end_outage();
        CHECK(contents(rig.deliveries_in_time(5, minutes{1}, 10)) == numbered(5));
        for (int i = 0; i < 5; ++i) {
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
    }

    TEST_CASE("an outage and a restart in the middle of it lose nothing and keep the order") {
        AdapterRig rig;
        rig.start();
        rig.wecom.begin_outage();
        for (int i = 0; i < 5; ++i) {
            rig.send_text("hr", "ww1:alice", "line " + std::to_string(i));
        }
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.stop();
        for (int i = 0; i < 5; ++i) {
            CHECK(rig.next_result().status == SendStatus::deferred);
        }
        rig.wecom.end_outage();
        rig.start();
        CHECK(contents(rig.deliveries_in_time(5, minutes{2}, 10)) == numbered(5));
    }

    TEST_CASE("a token revoked in the middle of a burst makes exactly one gettoken") {
        AdapterRig rig;
        rig.start();
        rig.send_text("hr", "ww1:alice", "first");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        rig.wecom.add_fault(sim::delayed(sim::Call::send_message, milliseconds{30}));
        for (int i = 0; i < 50; ++i) {
            rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
        }
        rig.wecom.wait_for_send_calls({.app = "hr"}, 10, patience);
        rig.wecom.revoke_access_token("hr", 40014);  // with as many under way as there may be
        for (int i = 0; i < 50; ++i) {
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
        CHECK(rig.wecom.deliveries().size() == 51);
        CHECK(rig.wecom.send_calls().size() > 51);  // some met the dead token
    }

    TEST_CASE("a storm of 45009 or 429 delays and drops nothing, and does not hammer WeCom") {
        for (const auto& storm : {sim::api_error(sim::Call::send_message, 45009),
                                  sim::http_error(sim::Call::send_message, 429)}) {
            CAPTURE(sim::to_string(storm.kind));
            AdapterRig rig;
            rig.start();
            rig.wecom.add_fault(storm);
            for (int i = 0; i < 20; ++i) {
                rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
            }
            const auto line =
                rig.host.wait_for_line(LogLevel::warning, "app hr sends nothing until");
            REQUIRE(line);
            CHECK(line->find(storm.errcode != 0 ? "45009" : "429") != std::string::npos);
            // At most what was under way when the first answer came.
            CHECK(rig.wecom.send_calls().size() <= hermes::durable::window_first);
            rig.wecom.clear_faults();
            for (int i = 0; i < 10 && rig.wecom.deliveries().size() < 20; ++i) {
                rig.clock.advance(minutes{2});
                rig.wecom.wait_for_deliveries({}, 20, milliseconds{1100});
            }
            CHECK(rig.wecom.deliveries().size() == 20);
            for (int i = 0; i < 20; ++i) {
                CHECK(rig.next_result().status == SendStatus::delivered);
            }
        }
    }

    TEST_CASE("an answer that got lost does not make the member read the message twice") {
        for (const auto kind : {sim::FaultKind::drop_answer, sim::FaultKind::half_answer}) {
            CAPTURE(sim::to_string(kind));
            AdapterRig rig;
            rig.start();
            rig.wecom.add_fault(sim::connection_fault(kind, sim::Call::send_message, 1));
            rig.send_text("hr", "ww1:alice", "hello");
            const auto calls = [&] { return rig.wecom.send_calls().size() == 2; };
            for (int i = 0; i < 10 && !calls(); ++i) {
                rig.clock.advance(minutes{1});
                rig.wecom.wait_until(calls, milliseconds{1100});
            }
            CHECK(rig.next_result().status == SendStatus::delivered);
            const auto sent = rig.wecom.send_calls();
            REQUIRE(sent.size() == 2);
            CHECK(sent[0].checks_duplicates);
            CHECK(sent[0].request_body == sent[1].request_body);  // a retry never alters a byte
            CHECK(rig.wecom.deliveries().size() == 1);
        }
    }

    TEST_CASE("what failed before it was sent is sent as if nothing had been") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::http_error(sim::Call::send_message, 502, 1));
        rig.send_text("hr", "ww1:alice", "hello");
        CHECK(rig.deliveries_in_time(1, minutes{1}, 10).size() == 1);
        CHECK(rig.next_result().status == SendStatus::delivered);
    }

    TEST_CASE("a reply of a megabyte arrives whole and in order") {
        sim::SimulatorOptions options;
        options.limits.per_minute = options.limits.per_hour = 10'000;
        AdapterRig rig(
            [](auto& settings) {
                settings["part_numbers"] = false;
                settings["parts_max"] = 0;
            },
            options);
        rig.limits.lanes.pacing = {.per_minute = 10'000, .per_hour = 10'000};
        rig.start();
        std::string text;
        for (int i = 0; text.size() < 1024 * 1024; ++i) {
            text += "第" + std::to_string(i) + "行：答案是四十二。\n";
        }
        rig.send_text("hr", "ww1:alice", text);
        CHECK(rig.next_result().status == SendStatus::delivered);
        std::string joined;
        for (const auto& delivered : rig.wecom.deliveries()) {
            CHECK_FALSE(delivered.cut);
            joined += delivered.content;
        }
        CHECK(joined == text);
    }

    TEST_CASE("an answer that is one link arrives as a card where the app wants that") {
        AdapterRig rig([](auto& settings) { settings["link_cards"] = true; });
        rig.start();
        rig.reply(rig.hear("hr", "alice", "where is the report?"),
                  "[The report](https://example.com/r)\nOf this quarter.");
        CHECK(rig.next_result().status == SendStatus::delivered);
        const auto card = rig.wecom.deliveries().at(0);
        CHECK(card.type == "textcard");
        CHECK(card.content == R"({"title":"The report","description":"Of this quarter.",)"
                              R"("url":"https://example.com/r"})");
    }

    TEST_CASE("a member is never written to faster than WeCom allows, also after a restart") {
        AdapterRig rig;  // the simulator drops what is too fast, silently, as WeCom does
        rig.start();
        for (int i = 0; i < 40; ++i) {
            rig.send_text("hr", "ww1:alice", "line " + std::to_string(i));
        }
        const sim::DeliveryFilter alice{.app = "hr", .user_id = "alice"};
        CHECK(rig.wecom.wait_for_deliveries(alice, 30, patience).size() == 30);
        rig.restart();
        rig.send_text("hr", "ww1:bob", "hello");  // somebody else is not held up
        CHECK(rig.wecom.wait_for_delivery({.app = "hr", .user_id = "bob"}, patience));
        CHECK(rig.wecom.deliveries(alice).size() == 30);
        CHECK(contents(rig.deliveries_in_time(40, seconds{61}, 5)) == numbered(40));
        CHECK(rig.wecom.send_calls().size() == 41);
    }

    TEST_CASE("a reply that can't leave before its deadline is reported failed") {
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 60; });
        rig.start();
        rig.wecom.begin_outage();
        rig.send_text("hr", "ww1:alice", "hello");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.clock.advance(minutes{2});
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::unreachable);
        CHECK(result.retryable);
        CHECK(result.detail.find("delivery_deadline") != std::string::npos);
        CHECK(rig.inspect()->summary().outbox.dead == 1);
    }

    TEST_CASE("no secret and no access token is ever logged") {
        AdapterRig rig;
        rig.start();
        for (const auto& fault : {sim::http_error(sim::Call::send_message, 500, 1),
                                  sim::api_error(sim::Call::send_message, 60020, 1),
                                  sim::api_error(sim::Call::get_token, -1, 1)}) {
            rig.wecom.add_fault(fault);
        }
        rig.send_text("hr", "ww1:alice", "hello");
        rig.send_text("hr", "ww1:bob", "hello");
        rig.host.wait_for_line(LogLevel::warning, "not delivered yet");
        for (int i = 0; i < 10 && rig.results.size() == 0; ++i) {
            rig.clock.advance(minutes{2});
            rig.wecom.wait_until([&] { return rig.results.size() > 0; }, milliseconds{1100});
        }
        rig.next_result();
        rig.stop();
        const auto lines = rig.host.all_lines();
        for (const auto* word :
             {"corp-secret-of-", "callbackTokenOf", "access_token=", "corpsecret="}) {
            CAPTURE(word);
            CHECK(lines.find(word) == std::string::npos);
        }
    }
}

}  // namespace hermes::test
