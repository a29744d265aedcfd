// Nobody waits for somebody else's trouble; order, deadlines and limits hold through trouble and
// restarts.
#include <doctest/doctest.h>

#include "durable/delivery/lanes.hpp"
#include "integration/delivery/adapter_rig.hpp"
#include "integration/delivery/wecom_front.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

sim::Fault of_app(sim::Fault fault, const std::string& app) {
    fault.app = app;
    return fault;
}

sim::Fault of_member(sim::Fault fault, const std::string& user) {
    fault.user_id = user;
    return fault;
}

}  // namespace

TEST_SUITE("delivery/fairness") {
    TEST_CASE("a slow or failing app does not hold up another") {
        for (const auto& trouble : {sim::delayed(sim::Call::send_message, seconds{2}),
                                    sim::api_error(sim::Call::send_message, 45009),
                                    sim::api_error(sim::Call::send_message, -1),
                                    sim::http_error(sim::Call::get_token, 500)}) {
            CAPTURE(sim::to_string(trouble.kind));
            AdapterRig rig;
            rig.start();
            rig.wecom.add_fault(of_app(trouble, "hr"));
            for (int i = 0; i < 20; ++i) {
                rig.send_text("hr", "ww1:member" + std::to_string(i), "in trouble");
            }
            rig.send_text("it", "ww1:member0", "quick");
            CHECK(rig.wecom.wait_for_delivery({.app = "it", .content = "quick"}, patience));
            CHECK(rig.next_result().status == SendStatus::delivered);  // of the quick one:
            CHECK(rig.results.size() == 0);                            // the others still wait
            rig.wecom.clear_faults();
        }
    }

    TEST_CASE("a slow or failing member does not hold up another of the same app") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(
            of_member(sim::delayed(sim::Call::send_message, seconds{3}, 1), "member0"));
        rig.wecom.add_fault(of_member(sim::api_error(sim::Call::send_message, -1), "member1"));
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 20; ++i) {
                rig.send_text("hr", "ww1:member" + std::to_string(i), std::to_string(round));
            }
        }
        for (int i = 2; i < 20; ++i) {
            const auto user = "member" + std::to_string(i);
            CHECK(contents(
                      rig.wecom.wait_for_deliveries({.app = "hr", .user_id = user}, 3, patience)) ==
                  std::vector<std::string>{"0", "1", "2"});
        }
        CHECK(rig.wecom.deliveries({.user_id = "member1"}).empty());
        rig.wecom.clear_faults();
        const auto done = [&] { return rig.wecom.deliveries({.user_id = "member1"}).size() == 3; };
        for (int i = 0; i < 10 && !done(); ++i) {
            rig.clock.advance(minutes{1});
            rig.wecom.wait_until(done, milliseconds{1100});
        }
        for (const auto* user : {"member0", "member1"}) {
            CHECK(contents(rig.wecom.wait_for_deliveries({.user_id = user}, 3, patience)) ==
                  std::vector<std::string>{"0", "1", "2"});
        }
        CHECK(rig.wecom.deliveries().size() == 60);
    }

    TEST_CASE("the order within a chat holds through every kind of retry") {
        AdapterRig rig;
        rig.start();
        const std::vector faults{
            sim::http_error(sim::Call::send_message, 502, 1),
            sim::api_error(sim::Call::send_message, -1, 2),
            sim::api_error(sim::Call::send_message, 45033, 1),
            sim::connection_fault(sim::FaultKind::drop_request, sim::Call::send_message, 1),
            sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::send_message, 1),
            sim::connection_fault(sim::FaultKind::half_answer, sim::Call::send_message, 1)};
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::drop_unread, std::nullopt, 2));
        for (std::size_t i = 0; i < faults.size(); ++i) {
            const auto user = "member" + std::to_string(i);
            rig.wecom.add_fault(of_member(faults[i], user));
            for (const auto& line : numbered(4)) {
                rig.send_text("hr", "ww1:" + user, line);
            }
        }
        const auto count = 4 * faults.size();
        const auto done = [&] { return rig.wecom.deliveries().size() >= count; };
        for (int i = 0; i < 10 && !done(); ++i) {
            rig.clock.advance(minutes{2});
            rig.wecom.wait_until(done, milliseconds{1100});
        }
        for (std::size_t i = 0; i < faults.size(); ++i) {
            CAPTURE(sim::to_string(faults[i].kind));
            CHECK(contents(rig.wecom.deliveries({.user_id = "member" + std::to_string(i)})) ==
                  numbered(4));
        }
        for (std::size_t i = 0; i < count; ++i) {
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
    }

    TEST_CASE("what WeCom refuses for a reason that nobody knows holds up its chat for an hour") {
        AdapterRig rig;
        rig.start();
        const auto fault = rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 99999));
        rig.send_text("hr", "ww1:alice", "refused");
        rig.send_text("hr", "ww1:alice", "behind it");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet: 99999"));
        for (int i = 0; i < 5 && rig.results.size() == 0; ++i) {
            CHECK(rig.inspect()->summary().outbox.dead == 0);
            rig.clock.advance(minutes{20});
            rig.wecom.wait_until([&] { return rig.results.size() > 0; }, milliseconds{1100});
        }
        CHECK(rig.next_result().status == SendStatus::failed);
        rig.wecom.remove_fault(fault);
        CHECK(contents(rig.deliveries_in_time(1, minutes{1}, 3)) ==
              std::vector<std::string>{"behind it"});
    }

    TEST_CASE("members without a licence cost no token, and pause no app") {
        AdapterRig rig;
        rig.start();
        for (std::size_t i = 0; i < 5; ++i) {
            const auto member = "member" + std::to_string(i);
            rig.wecom.add_fault(of_member(sim::api_error(sim::Call::send_message, 60011), member));
            rig.send_text("hr", "ww1:" + member, "hello");
            REQUIRE(rig.wecom.wait_for_send_calls({}, i + 1, patience).size() == i + 1);
        }
        rig.send_text("hr", "ww1:alice", "hello");
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.gettoken_calls("hr") == 1);
        CHECK(rig.host.lines_with("sends nothing until") == 0);
    }

    TEST_CASE("a member whom a success names as unreached or unlicensed is a failure") {
        // Without a licence the chat waits for one, until the deadline.
        struct Unreached {
            std::string field;
            SendError error;
            std::string remedy;
        };
        for (const auto& [field, error, remedy] :
             {Unreached{"invaliduser", SendError::not_found, "visible range"},
              Unreached{"unlicenseduser", SendError::forbidden, "licence"}}) {
            CAPTURE(field);
            AdapterRig rig;
            const auto empty = '"' + field + "\":\"\"";
            WecomFront front(rig.wecom.api_base(), [&](std::string& body) {
                if (const auto at = body.find(empty); at != std::string::npos) {
                    body.replace(at, empty.size(), '"' + field + "\":\"ALICE\"");
                }
            });
            front.serve();
            rig.restart([&](auto& settings) {
                settings["api_base"] = "http://127.0.0.1:" + std::to_string(front.port());
                settings["delivery_deadline"] = 600;
            });
            rig.send_text("hr", "ww1:alice", "hello");
            if (error == SendError::forbidden) {
                REQUIRE(rig.host.wait_for_line(LogLevel::warning, remedy));
                CHECK(rig.results.size() == 0);
                rig.clock.advance(minutes{11});
            }
            const auto result = rig.next_result();
            CHECK(result.status == SendStatus::failed);
            CHECK(result.error == error);
            CHECK(result.retryable == (error == SendError::forbidden));
            CHECK(result.detail.find("alice") != std::string::npos);
            CHECK(result.detail.find(remedy) != std::string::npos);
            CHECK(rig.wecom.send_calls().size() == 1);
            CHECK(rig.inspect()->summary().outbox.dead == 1);
            rig.send_text("hr", "ww1:bob", "hello");
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
    }

    TEST_CASE("a reply past its deadline is set aside and does not hold up what is behind it") {
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 60; });
        rig.start();
        rig.wecom.begin_outage();
        rig.send_text("hr", "ww1:alice", "too late");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.clock.advance(seconds{30});
        rig.send_text("hr", "ww1:alice", "in time");
        rig.clock.advance(seconds{45});
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.detail.find("connection refused") != std::string::npos);
        rig.wecom.end_outage();
        CHECK(contents(rig.deliveries_in_time(1, seconds{5}, 5)) ==
              std::vector<std::string>{"in time"});
        CHECK(rig.next_result().status == SendStatus::delivered);
    }

    TEST_CASE("a deadline that passes after a restart still names the last failure") {
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 60; });
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, -1));
        rig.send_text("hr", "ww1:alice", "too late");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.stop();
        CHECK(rig.next_result().status == SendStatus::deferred);
        rig.start();
        rig.clock.advance(minutes{2});
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "delivery_deadline has passed"));
        rig.stop();
        CHECK(rig.wecom.deliveries().empty());
        const auto dead = rig.inspect()->dead_letters(10);
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].reason.find("WeCom is busy") != std::string::npos);
    }

    TEST_CASE("while the gateway is off no deadline passes") {
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 60; });
        rig.start();
        rig.wecom.begin_outage();
        rig.send_text("hr", "ww1:alice", "written on Friday");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.stop();
        rig.clock.advance(hours{60});
        rig.wecom.end_outage();
        rig.start();
        CHECK(rig.deliveries_in_time(1, seconds{10}, 4).size() == 1);
    }

    TEST_CASE("the limit of an hour is kept through a restart") {
        sim::SimulatorOptions options;  // the simulator drops what is too much, silently
        options.limits.per_hour = 35;
        AdapterRig rig({}, options);
        rig.limits.lanes.pacing.per_hour = 35;
        rig.start();
        for (int i = 0; i < 40; ++i) {
            rig.send_text("hr", "ww1:alice", "line " + std::to_string(i));
        }
        CHECK(rig.deliveries_in_time(35, seconds{61}, 3).size() == 35);
        rig.restart();
        CHECK(rig.deliveries_in_time(36, minutes{5}, 1).size() == 35);
        CHECK(contents(rig.deliveries_in_time(40, minutes{20}, 4)) == numbered(40));
        CHECK(rig.wecom.send_calls().size() == 40);
    }

    TEST_CASE("what is over an app's quota waits for the next day, through restarts") {
        sim::SimulatorOptions options;
        options.limits.app_quota = 5;
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 2 * 24 * 3600; },
                       options);
        rig.start();
        for (int i = 0; i < 9; ++i) {
            rig.send_text("hr", "ww1:alice", "line " + std::to_string(i));
        }
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "45009"));
        CHECK(rig.wecom.send_calls().size() == 6);  // the refused one holds the others back
        rig.restart();
        rig.send_text("it", "ww1:alice", "another app");
        CHECK(rig.wecom.wait_for_delivery({.app = "it"}, patience));
        CHECK(rig.wecom.send_calls({.app = "hr"}).size() == 6);  // its wait is remembered
        rig.deliveries_in_time(9, hours{24}, 1);
        CHECK(contents(rig.wecom.wait_for_deliveries({.app = "hr"}, 9, patience)) == numbered(9));
    }

    TEST_CASE("a text is the same bytes on every retry, whatever the settings are by then") {
        AdapterRig rig;
        rig.start();
        std::string text = "# 标题 👨‍👩‍👧‍👦\n\n**bold**\n\n";
        for (int i = 0; i < 300; ++i) {
            text += "- 第" + std::to_string(i) + "点\n";
        }
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_request, sim::Call::send_message, 1));
        rig.send_text("hr", "ww1:alice", text);
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.restart([](auto& settings) {
            settings["reply_format"] = "markdown";
            settings["part_numbers"] = false;
        });
        const auto parts = std::stoul(rig.wecom.send_calls().at(0).content.substr(3));
        REQUIRE(parts > 1);
        CHECK(rig.deliveries_in_time(parts, minutes{1}, 5).size() == parts);
        const auto sent = rig.wecom.send_calls();
        REQUIRE(sent.size() == parts + 1);
        CHECK(sent[0].request_body == sent[1].request_body);
        CHECK(sent[1].content.starts_with("(1/" + std::to_string(parts) + ")\n"));
        CHECK(sent.back().type == "text");
    }
}

}  // namespace hermes::test
