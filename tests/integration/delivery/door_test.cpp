// What members read without the agent: when they open an app, and when they are not admitted.
#include <doctest/doctest.h>

#include "http/http_client.hpp"
#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::minutes;
using Texts = std::vector<std::string>;

void welcome_all(boost::json::object& settings) {
    settings["welcome"] = "Ask me **anything**.";
}

// Alice is admitted and nobody else.
void turn_away(boost::json::object& settings) {
    settings.erase("allow_all_users");
    settings["allowed_users"] = boost::json::array{"ww1:alice", "ww2:alice"};
    settings["stranger_reply"] = "Ask IT to add `{id}` ({id}).";
}

void enter(AdapterRig& rig, const std::string& app, const std::string& user) {
    REQUIRE(rig.wecom.write(app, user, sim::event_message("enter_agent")).acknowledged);
}

void write(AdapterRig& rig, const std::string& app, const std::string& user,
           const std::string& text = "hello") {
    REQUIRE(rig.wecom.write(app, user, sim::text_message(text)).acknowledged);
}

// What a member has got. Stops the adapter first, so that nothing is under way any more.
Texts got(AdapterRig& rig, const std::string& app, const std::string& user) {
    rig.stop();
    return contents(rig.wecom.deliveries({.app = app, .user_id = user}));
}

}  // namespace

TEST_SUITE("door") {
    TEST_CASE("who opens an app is welcomed, and not again before welcome_every is over") {
        AdapterRig rig(welcome_all);
        rig.start();
        enter(rig, "hr", "alice");
        const auto first = rig.wecom.wait_for_delivery({.app = "hr", .user_id = "alice"}, patience);
        REQUIRE(first.has_value());
        CHECK(first->content == "Ask me anything.");
        enter(rig, "hr", "alice");
        enter(rig, "hr", "ALICE");
        rig.restart();
        enter(rig, "hr", "alice");
        // What bob is sent was decided after all that.
        enter(rig, "hr", "bob");
        CHECK(rig.wecom.wait_for_delivery({.app = "hr", .user_id = "bob"}, patience));
        CHECK(got(rig, "hr", "alice").size() == 1);

        rig.clock.advance(hours{24 * 30} - minutes{1});
        rig.start();
        enter(rig, "hr", "alice");
        CHECK(got(rig, "hr", "alice").size() == 1);
        rig.clock.advance(minutes{2});
        rig.start();
        enter(rig, "hr", "alice");
        CHECK(rig.wecom.wait_for_deliveries({.user_id = "alice"}, 2, patience).size() == 2);
    }

    TEST_CASE("each app welcomes by itself, in its own words, or does not") {
        AdapterRig rig([](auto& settings) {
            welcome_all(settings);
            auto& apps = settings["apps"].as_array();
            apps.at(1).as_object()["welcome"] = "IT here.";
            apps.at(2).as_object()["welcome"] = "";
        });
        rig.start();
        enter(rig, "sales", "alice");
        enter(rig, "hr", "alice");
        enter(rig, "it", "alice");
        CHECK(rig.wecom.wait_for_deliveries({}, 2, patience).size() == 2);
        CHECK(got(rig, "hr", "alice") == Texts{"Ask me anything."});
        CHECK(got(rig, "it", "alice") == Texts{"IT here."});
        CHECK(got(rig, "sales", "alice").empty());
    }

    TEST_CASE("the agent never hears of who opens an app") {
        AdapterRig rig(welcome_all);
        rig.start();
        enter(rig, "hr", "alice");
        CHECK(rig.hear("hr", "alice", "hello").text == "hello");
        CHECK(rig.host.events.size() == 0);
    }

    TEST_CASE("a welcome that can't leave waits, also for the next start") {
        AdapterRig rig(welcome_all);
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, -1));
        enter(rig, "hr", "alice");
        CHECK(rig.wecom.wait_for_send_calls({}, 1, patience).size() == 1);
        rig.restart();
        CHECK(rig.wecom.deliveries().empty());
        rig.wecom.clear_faults();
        rig.deliver_in_time(1, minutes{1}, 10);
        CHECK(got(rig, "hr", "alice") == Texts{"Ask me anything."});
    }

    TEST_CASE("who is not admitted reads why, once a day, however much they write and click") {
        AdapterRig rig(turn_away);
        rig.start();
        for (int i = 0; i < 40; ++i) {
            write(rig, "hr", i % 2 == 0 ? "bob" : "BOB", "let me in " + std::to_string(i));
        }
        REQUIRE(rig.wecom.write("hr", "bob", sim::event_message("click", "help")).acknowledged);
        rig.restart();
        write(rig, "hr", "bob");
        write(rig, "it", "bob");  // another app, another word
        CHECK(rig.wecom.wait_for_delivery({.app = "it", .user_id = "bob"}, patience));
        CHECK(rig.wecom.wait_for_delivery({.app = "hr", .user_id = "bob"}, patience));
        CHECK(got(rig, "hr", "bob") == Texts{"Ask IT to add ww1:bob (ww1:bob)."});
        CHECK(rig.host.events.size() == 0);

        rig.clock.advance(hours{24} + minutes{1});
        rig.start();
        write(rig, "hr", "bob");
        CHECK(rig.wecom.wait_for_deliveries({.app = "hr"}, 2, patience).size() == 2);
    }

    TEST_CASE("who is admitted reads no such thing, and a stranger is not welcomed") {
        AdapterRig rig([](auto& settings) {
            turn_away(settings);
            welcome_all(settings);
        });
        rig.start();
        enter(rig, "hr", "bob");
        CHECK(rig.hear("hr", "alice", "hello").text == "hello");
        enter(rig, "hr", "alice");
        CHECK(rig.wecom.wait_for_delivery({.user_id = "alice"}, patience));
        CHECK(got(rig, "hr", "bob").empty());
        CHECK(got(rig, "hr", "alice") == Texts{"Ask me anything."});
    }

    TEST_CASE("nobody is told anything until a text is set") {
        AdapterRig rig([](auto& settings) {
            turn_away(settings);
            settings.erase("stranger_reply");
        });
        rig.start();
        enter(rig, "hr", "alice");
        write(rig, "hr", "bob");
        rig.reply(rig.hear("hr", "alice", "hello"), "answer");
        CHECK(rig.next_result().status == SendStatus::delivered);
        rig.stop();
        CHECK(rig.wecom.send_calls().size() == 1);
    }

    TEST_CASE("a callback that is not WeCom's makes no message, and a captured one not a second") {
        AdapterRig rig(turn_away);
        rig.start();
        const auto& app = *rig.wecom.world().find_app("hr");
        const auto xml = sim::format_inner_xml(app, "bob", sim::text_message("hello"),
                                               base::to_unix_ms(rig.clock.now()) / 1000, 1);
        const auto captured = rig.wecom.prepare_callback("hr", xml);
        http::HttpClient client{http::HttpClientOptions{}};
        const auto post = [&](const std::string& body) {
            http::HttpClientRequest request;
            request.method = "POST";
            request.url = captured.url;
            request.body = body;
            return client.fetch(std::move(request)).status;
        };
        const auto forged = rig.wecom.prepare_callback("it", xml).body;  // signed for another app
        for (int i = 0; i < 20; ++i) {
            CHECK(post(forged) >= 400);
            CHECK(post(captured.body) == 200);
        }
        write(rig, "it", "bob");
        CHECK(rig.wecom.wait_for_delivery({.app = "it"}, patience));
        CHECK(got(rig, "hr", "bob").size() == 1);
    }
}

}  // namespace hermes::test
