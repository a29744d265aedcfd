#include <doctest/doctest.h>

#include <sys/socket.h>

#include "hermes/ext/pulse.hpp"
#include "http/http_server.hpp"
#include "integration/delivery/adapter_rig.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

}  // namespace

TEST_SUITE("adapter/lifecycle") {
    TEST_CASE("what the agent had not finished comes again after a restart, marked") {
        AdapterRig rig;
        rig.start();
        const auto first = rig.hear("hr", "alice", "one");
        const auto second = rig.hear("hr", "alice", "two");
        CHECK_FALSE(first.redelivered);
        rig.reply(first, "answer");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.adapter->begin(second.id));
        rig.restart();
        const auto again = rig.host.events.take();
        REQUIRE(again);
        CHECK(again->text == "two");
        CHECK(again->id == second.id);
        CHECK(again->redelivered);
        CHECK(again->attempt == 1);  // a clean stop does not count
        rig.adapter->settle(again->id);
        rig.restart();
        rig.hear("hr", "bob", "three");
        CHECK(rig.host.events.size() == 0);
    }

    TEST_CASE("an event may be answered from inside on_message, also while start runs") {
        AdapterRig rig;
        rig.start();
        rig.hear("hr", "alice", "question");
        rig.stop();
        rig.host.answer_with([&](const MessageEvent& event) { rig.reply(event, "at once"); });
        rig.start();
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.wait_for_delivery({.app = "hr", .content = "at once"}, patience));
    }

    TEST_CASE("before start and after stop nothing is taken, and the handler is told so") {
        AdapterRig rig;
        rig.adapter = wecom::make_adapter(
            rig.host,
            wecom_settings(boost::json::object{{"corp_id", "ww1"},
                                               {"corp_secret", "s"},
                                               {"agent_id", 1},
                                               {"token", "t"},
                                               {"encoding_aes_key", std::string(43, 'a')}}),
            AdapterMode::gateway);
        rig.send_text("", "ww1:alice", "early");
        CHECK(rig.next_result().error == SendError::stopped);
        rig.stop();
        rig.start();
        auto* adapter = rig.adapter.get();
        adapter->stop(std::chrono::steady_clock::now() + patience);
        rig.send_text("hr", "ww1:alice", "late");
        CHECK(rig.next_result().error == SendError::stopped);
        adapter->stop(std::chrono::steady_clock::now());
    }

    TEST_CASE("its pulse is felt when every thread comes round, and not while the loop hangs") {
        AdapterRig rig;
        rig.start();
        auto* pulse = extension_of<Pulse>(*rig.adapter);
        REQUIRE(pulse != nullptr);
        Mailbox<int> felt;
        pulse->feel([&] { felt.put(1); });
        CHECK(felt.take());

        Mailbox<int> hangs;
        Mailbox<int> release;
        OutboundMessage message;
        message.chat = {"no such chat"};
        message.text = "hello";
        rig.adapter->send(message, [&](const SendResult&) {  // on the loop
            hangs.put(1);
            release.take();
        });
        REQUIRE(hangs.take());
        pulse->feel([&] { felt.put(2); });
        CHECK_FALSE(felt.take(std::chrono::milliseconds(100)));
        release.put(1);
        CHECK(felt.take() == 2);
    }

    TEST_CASE("before start there is no pulse to feel, though it is offered") {
        AdapterRig rig;
        rig.adapter = wecom::make_adapter(
            rig.host,
            wecom_settings(boost::json::object{{"corp_id", "ww1"},
                                               {"corp_secret", "s"},
                                               {"agent_id", 1},
                                               {"token", "t"},
                                               {"encoding_aes_key", std::string(43, 'a')}}),
            AdapterMode::gateway);
        auto* pulse = extension_of<Pulse>(*rig.adapter);
        REQUIRE(pulse != nullptr);
        bool is_felt = false;
        pulse->feel([&] { is_felt = true; });
        CHECK_FALSE(is_felt);
    }

    TEST_CASE("a port that is taken is one sentence that names it, and leaves nothing") {
        http::HttpServer other({}, [](const auto&, auto respond) { respond({}); });
        other.start();
        AdapterRig rig([&](auto& settings) { settings["port"] = other.port(); });
        try {
            rig.start();
            FAIL("started on a taken port");
        } catch (const std::runtime_error& error) {
            const std::string text = error.what();
            CHECK(text.find("127.0.0.1:" + std::to_string(other.port())) != std::string::npos);
            CHECK(text.find("in use") != std::string::npos);
        }
        rig.adapter.reset();
        other.stop(std::chrono::steady_clock::now());
        rig.start();
        rig.hear("hr", "alice", "hello");
    }

    TEST_CASE("a second adapter on the same state is refused") {
        AdapterRig rig;
        rig.start();
        auto settings = boost::json::object{{"corp_id", "ww1"},
                                            {"corp_secret", "s"},
                                            {"agent_id", 1},
                                            {"token", "t"},
                                            {"host", "127.0.0.1"},
                                            {"port", 0},
                                            {"encoding_aes_key", std::string(43, 'a')}};
        auto second = wecom::make_adapter(rig.host, wecom_settings(settings), AdapterMode::gateway);
        CHECK_THROWS_WITH_AS(second->start(), doctest::Contains("another gateway"),
                             std::runtime_error);
    }

    TEST_CASE("WeCom's retry of a callback is one event, also after a restart") {
        AdapterRig rig;
        rig.start();
        auto lost = sim::connection_fault(sim::FaultKind::lost_answer, sim::Call::callback, 2);
        rig.wecom.add_fault(lost);
        const auto result = rig.wecom.write("hr", "alice", sim::text_message("hello"));
        CHECK(result.acknowledged);
        CHECK(result.tries.size() == 3);
        CHECK(rig.host.events.take());
        rig.hear("hr", "bob", "marker");
        CHECK(rig.host.events.size() == 0);
    }

    TEST_CASE("a sender who is not admitted is acknowledged, not heard, and logged once") {
        AdapterRig rig([](auto& settings) {
            settings["allow_all_users"] = false;
            settings["allowed_users"] = boost::json::array{"ww1:alice", "ww2:*"};
        });
        rig.start();
        for (int i = 0; i < 3; ++i) {
            CHECK(rig.wecom.write("hr", "bob", sim::text_message("let me in")).acknowledged);
        }
        rig.hear("sales", "bob", "welcome");
        rig.hear("hr", "alice", "hello");
        CHECK(rig.host.events.size() == 0);
        const auto lines = rig.host.all_lines();
        const std::string line =
            "ww1:bob wrote to app hr and is not admitted: add `ww1:bob` to "
            "allowed_users to change that";
        const auto at = lines.find(line);
        REQUIRE(at != std::string::npos);
        CHECK(lines.find(line, at + 1) == std::string::npos);
    }

    TEST_CASE("a callback from outside allowed_source_cidrs is refused and says what to set") {
        AdapterRig rig([](auto& settings) {
            settings["allowed_source_cidrs"] = boost::json::array{"203.0.113.0/24"};
        });
        rig.start();
        const auto write = [&] { return rig.wecom.write("hr", "alice", sim::text_message("hi")); };
        CHECK_FALSE(write().acknowledged);
        const auto line = rig.host.wait_for_line(LogLevel::warning, "callback from 127.0.0.1");
        REQUIRE(line);
        CHECK(*line ==
              "callback from 127.0.0.1 refused: it is outside allowed_source_cidrs; add "
              "`127.0.0.1` there if it is WeCom's, or to trusted_proxies if it is a reverse proxy "
              "of yours");
        rig.clock.jump(-std::chrono::minutes{10});  // silences nobody
        rig.clock.advance(std::chrono::minutes{2});
        CHECK_FALSE(write().acknowledged);
        CHECK(rig.host.wait_for_line(LogLevel::warning, "(2 more like it were not logged)"));
        CHECK(rig.host.events.size() == 0);
    }

    TEST_CASE("events of many chats keep their order within each chat") {
        AdapterRig rig;
        rig.start();
        std::map<std::string, int> next;
        rig.host.answer_with([&](const MessageEvent& event) { rig.adapter->settle(event.id); });
        Mailbox<bool> acknowledged;
        for (int round = 0; round < 5; ++round) {
            for (int member = 0; member < 20; ++member) {
                const auto user = "member" + std::to_string(member);
                CHECK(rig.wecom.write("hr", user, sim::text_message(std::to_string(round)))
                          .acknowledged);
            }
        }
        for (int i = 0; i < 100; ++i) {
            const auto event = rig.host.events.take();
            REQUIRE(event);
            CHECK(event->text == std::to_string(next[event->user_id]++));
        }
    }
}

}  // namespace hermes::test
