// What a person will mend waits for that, and says so once; what the configuration changed never
// makes a reply go to somebody else.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void set_secret(boost::json::object& settings, std::size_t app, const std::string& secret) {
    settings["apps"].as_array()[app].as_object()["corp_secret"] = secret;
}

}  // namespace

TEST_SUITE("delivery/setup") {
    TEST_CASE("a wrong secret is told once, asked about ever more rarely, and keeps every reply") {
        AdapterRig rig([](auto& settings) { set_secret(settings, 0, "wrong-secret"); });
        rig.start();
        for (int i = 0; i < 30; ++i) {
            rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
        }
        const auto line = rig.host.wait_for_line(LogLevel::error, "app hr sends nothing until");
        REQUIRE(line);
        CHECK(line->find("corp_secret") != std::string::npos);
        CHECK(rig.host.all_lines().find("wrong-secret") == std::string::npos);
        for (int i = 0; i < 12; ++i) {
            rig.clock.advance(minutes{5});
            rig.wecom.wait_until([] { return false; }, milliseconds{100});
        }
        CHECK(rig.wecom.gettoken_calls() <= 8);  // in an hour
        CHECK(rig.inspect()->summary().outbox.dead == 0);
        CHECK(rig.host.lines_with("sends nothing until") == 1);
        // Corrected, and restarted: at once.
        rig.restart([](auto& settings) { set_secret(settings, 0, "corp-secret-of-hr"); });
        CHECK(rig.wecom.wait_for_deliveries({}, 30, patience).size() == 30);
    }

    TEST_CASE("a corrected secret never meets the token of the wrong one") {
        AdapterRig rig([](auto& settings) { set_secret(settings, 0, "corp-secret-of-it"); });
        rig.start();  // the Secret of another app of the corp: WeCom gives a token for it
        rig.send_text("hr", "ww1:alice", "hello");
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "app hr sends nothing until"));
        rig.restart([](auto& settings) { set_secret(settings, 0, "corp-secret-of-hr"); });
        CHECK(rig.wecom.wait_for_delivery({.app = "hr", .content = "hello"}, patience));
    }

    TEST_CASE("what was not mended by the deadline is a dead letter that says why") {
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 1200; });
        rig.start();
        rig.wecom.add_fault(sim::untrusted_ip());
        rig.send_text("hr", "ww1:alice", "tried");
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "sends nothing until"));
        rig.send_text("hr", "ww1:bob", "never tried");
        for (int i = 0; i < 10 && rig.results.size() < 2; ++i) {
            rig.clock.advance(minutes{5});
            rig.wecom.wait_until([&] { return rig.results.size() == 2; }, milliseconds{1100});
        }
        for (int i = 0; i < 2; ++i) {
            const auto result = rig.next_result();
            CHECK(result.status == SendStatus::failed);
            CHECK(result.detail.find("delivery_deadline has passed") != std::string::npos);
            CHECK(result.detail.find("60020") != std::string::npos);
        }
        const auto dead = rig.inspect()->dead_letters(10);
        REQUIRE(dead.size() == 2);
        for (const auto& letter : dead) {
            CHECK(letter.reason.find("60020") != std::string::npos);
        }
        rig.wecom.clear_faults();
        CHECK(rig.inspect()->retry_all({.platform_code = {}, .since = {}, .account = "hr"}) == 2);
        rig.deliver_in_time(2, minutes{5}, 3);
        CHECK(rig.wecom.deliveries().size() == 2);
    }

    TEST_CASE("what concerns one member holds up that chat and no other, and goes on by itself") {
        AdapterRig rig;
        rig.start();
        auto unseen = sim::api_error(sim::Call::send_message, 60011);
        unseen.user_id = "alice";
        rig.wecom.add_fault(unseen);
        rig.send_text("hr", "ww1:alice", "one");
        rig.send_text("hr", "ww1:alice", "two");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "60011"));
        rig.send_text("hr", "ww1:bob", "hello");
        CHECK(rig.next_result().status == SendStatus::delivered);
        rig.wecom.clear_faults();
        CHECK(contents(rig.deliveries_in_time(2, minutes{1}, 3)) ==
              std::vector<std::string>{"one", "two"});
    }

    TEST_CASE("an unknown error code and a 5xx with one in its body are tried again") {
        for (const auto& fault : {sim::api_error(sim::Call::send_message, 6000, 1),
                                  sim::http_error(sim::Call::send_message, 503, 1)}) {
            AdapterRig rig;
            rig.start();
            rig.wecom.add_fault(fault);
            rig.send_text("hr", "ww1:alice", "hello");
            CHECK(rig.deliveries_in_time(1, seconds{10}, 5).size() == 1);
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
    }

    TEST_CASE("a clock that is set stops no delivery and gives nothing up") {
        for (const auto jump : {-hours{6}, hours{31 * 24}, -hours{31 * 24}}) {
            CAPTURE(jump.count());
            AdapterRig rig;
            rig.start();
            rig.wecom.begin_outage();
            rig.send_text("hr", "ww1:alice", "waits");
            REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
            rig.clock.jump(jump);
            rig.wecom.end_outage();
            CHECK(rig.deliveries_in_time(1, seconds{2}, 5).size() == 1);
            CHECK(rig.next_result().status == SendStatus::delivered);
            rig.wecom.begin_outage();
            rig.send_text("hr", "ww1:bob", "waits through a restart");
            REQUIRE(rig.host.wait_for_line(LogLevel::warning, "chat ww1:bob: not delivered yet"));
            rig.stop();
            rig.clock.jump(jump);
            rig.wecom.end_outage();
            rig.start();
            rig.deliver_in_time(2, seconds{2}, 5);
            CHECK(rig.wecom.deliveries().size() == 2);
            CHECK(rig.inspect()->summary().outbox.dead == 0);
        }
    }

    TEST_CASE("a waiting reply never goes to the member of the same id in another company") {
        AdapterRig rig([](auto& settings) {
            settings["apps"].as_array().resize(1);  // hr of ww1
            settings["apps"].as_array()[0].as_object().erase("name");
        });
        rig.start();
        rig.wecom.begin_outage();
        rig.send_text("default", "ww1:alice", "for ww1's alice only");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.stop();
        rig.wecom.end_outage();
        // The same short form, the same name, another company.
        rig.restart([&](auto& settings) {
            settings["apps"].as_array()[0] = rig.all_apps()[2];
            settings["apps"].as_array()[0].as_object().erase("name");
        });
        CHECK(
            rig.host.wait_for_line(LogLevel::warning,
                                   "replies wait for app ww1:1000002 (corp_id:agent_id), which is "
                                   "not configured"));
        rig.send_text("default", "ww2:alice", "for ww2's alice");
        CHECK(
            rig.wecom.wait_for_delivery({.app = "sales", .content = "for ww2's alice"}, patience));
        CHECK(rig.wecom.deliveries().size() == 1);
        rig.stop();
        // The first one comes back, beside the other and under another name.
        rig.restart([&](auto& settings) {
            settings["apps"] = rig.all_apps();
            settings["apps"].as_array()[0].as_object()["name"] = "people";
        });
        CHECK(contents(rig.deliveries_in_time(1, seconds{5}, 5)) ==
              std::vector<std::string>{"for ww1's alice only"});
    }

    TEST_CASE("adding, renaming and reordering apps loses no question and no answer") {
        AdapterRig rig([](auto& settings) {
            settings["apps"].as_array().resize(1);
            settings["apps"].as_array()[0].as_object().erase("name");
        });
        rig.start();
        const auto event = rig.hear("hr", "alice", "question");
        CHECK(event.account == "default");
        rig.stop();
        rig.restart([&](auto& settings) {
            auto apps = rig.all_apps();
            std::swap(apps[0], apps[2]);
            apps[2].as_object()["name"] = "people";
            settings["apps"] = apps;
        });
        const auto again = rig.host.events.take();
        REQUIRE(again);
        CHECK(again->id == event.id);
        CHECK(again->account == "people");
        rig.reply(*again, "answer");
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(contents(rig.wecom.deliveries({.app = "hr", .user_id = "alice"})) ==
              std::vector<std::string>{"answer"});
        // And one whose name another app has taken over in the meantime.
        rig.wecom.begin_outage();
        rig.send_text("people", "ww1:alice", "still for alice of hr");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.stop();
        rig.wecom.end_outage();
        rig.restart([&](auto& settings) {
            auto& apps = settings["apps"].as_array();
            apps[2].as_object()["name"] = "it";
            apps[1].as_object()["name"] = "people";
        });
        CHECK(rig.deliveries_in_time(2, seconds{5}, 5).size() == 2);
        CHECK(rig.wecom.deliveries({.app = "it"}).empty());
    }

    TEST_CASE("a final reply that nothing can be made of is kept where the operator looks") {
        AdapterRig rig;
        rig.start();
        auto event = rig.hear("hr", "alice", "question");
        event.chat = {"ww2:alice"};  // an agent that mixes up its chats
        rig.reply(event, "my answer");
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::not_found);
        const auto dead = rig.inspect()->dead_letters(10);
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].content == "my answer");
        CHECK(dead[0].chat.value == "ww2:alice");
        CHECK(dead[0].reason == result.detail);
        rig.restart();  // its event is settled
        rig.hear("hr", "bob", "another");
        CHECK(rig.host.events.size() == 0);
    }

    TEST_CASE("two equal answers are two answers, and a lost one of them is not a third") {
        for (const auto memory :
             {sim::DuplicateMemory::every_message, sim::DuplicateMemory::equal_request}) {
            sim::SimulatorOptions options;
            options.limits.duplicate_memory = memory;
            AdapterRig rig({}, options);
            rig.start();
            rig.send_text("hr", "ww1:alice", "Stopped.");
            REQUIRE(rig.next_result().status == SendStatus::delivered);
            // WeCom never sees this one's first attempt.
            rig.wecom.add_fault(
                sim::connection_fault(sim::FaultKind::drop_request, sim::Call::send_message, 1));
            rig.send_text("hr", "ww1:alice", "Stopped.");
            CHECK(rig.deliveries_in_time(2, seconds{10}, 5).size() == 2);
            CHECK(rig.next_result().status == SendStatus::delivered);
            // And of this one WeCom's answer is lost, for longer than half an hour.
            rig.wecom.add_fault(
                sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::send_message, 1));
            rig.send_text("hr", "ww1:alice", "Done.");
            REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
            rig.wecom.begin_outage();
            rig.clock.advance(minutes{40});
            rig.wecom.end_outage();
            for (int i = 0; i < 5 && rig.results.size() == 0; ++i) {
                rig.clock.advance(minutes{1});
                rig.wecom.wait_until([&] { return rig.results.size() > 0; }, milliseconds{1100});
            }
            CHECK(rig.next_result().status == SendStatus::delivered);
            CHECK(contents(rig.wecom.deliveries()) ==
                  std::vector<std::string>{"Stopped.", "Stopped.", "Done."});
        }
    }
}

}  // namespace hermes::test
