// Other settings while the adapter runs: what changes, what stays, and that nothing is lost by it.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "integration/delivery/adapter_rig.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::minutes;
using Keys = std::vector<std::string>;

// The settings' own apps, without that one.
void remove_app(boost::json::object& settings, std::string_view name) {
    auto& apps = settings.at("apps").as_array();
    for (auto app = apps.begin(); app != apps.end(); ++app) {
        if (app->at("name").as_string() == name) {
            apps.erase(app);
            return;
        }
    }
}

boost::json::object& app_named(boost::json::object& settings, std::string_view name) {
    for (auto& app : settings.at("apps").as_array()) {
        if (app.at("name").as_string() == name) {
            return app.as_object();
        }
    }
    throw std::runtime_error("no such app in the settings");
}

bool accepts(AdapterRig& rig, const std::string& app, const std::string& user,
             const std::string& text) {
    return rig.wecom.write(app, user, sim::text_message(text)).acknowledged;
}

void without_it(boost::json::object& settings) {
    remove_app(settings, "it");
}

}  // namespace

TEST_SUITE("delivery/reload") {
    TEST_CASE("an app that is added is heard and answers, the others notice nothing") {
        AdapterRig rig(without_it);
        rig.start();
        CHECK_FALSE(accepts(rig, "it", "alice", "too early"));
        const auto all = rig.all_apps();
        const auto outcome = rig.reload([&](auto& settings) { settings["apps"] = all; });
        CHECK(outcome.problems.empty());
        CHECK(outcome.kept.empty());
        const auto event = rig.hear("it", "alice", "hello");
        CHECK(event.account == "it");
        rig.reply(event, "and welcome");
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.hear("hr", "alice", "still there?").account == "hr");
    }

    TEST_CASE("an app that is gone takes nothing, and its answer waits until it is back") {
        AdapterRig rig;
        rig.start();
        const auto event = rig.hear("it", "alice", "a question of an hour");
        const auto all = rig.all_apps();
        CHECK(rig.reload(without_it).problems.empty());
        CHECK_FALSE(accepts(rig, "it", "alice", "anybody?"));

        rig.reply(event, "the answer");  // the agent has finished
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "replies wait for app ww1:"));
        CHECK(rig.results.size() == 0);
        CHECK(rig.inspect()->summary().outbox.pending == 1);
        CHECK(rig.inspect()->summary().outbox.dead == 0);

        CHECK(rig.reload([&](auto& settings) { settings["apps"] = all; }).problems.empty());
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.wait_for_delivery({.app = "it", .content = "the answer"}, patience));
    }

    TEST_CASE("what an app that is gone was told before has its turn when it is back") {
        AdapterRig rig([](auto& settings) { settings["allow_all_users"] = true; });
        rig.start();
        // The host has as many of this chat as it may, so that the next waits.
        std::vector<MessageEvent> given;
        for (std::size_t i = 0; i < durable::in_flight_lane_max; ++i) {
            given.push_back(rig.hear("it", "alice", "question " + std::to_string(i)));
        }
        REQUIRE(accepts(rig, "it", "alice", "the last"));
        const auto all = rig.all_apps();
        CHECK(rig.reload(without_it).problems.empty());
        for (const auto& event : given) {
            rig.adapter->settle(event.id);
        }
        CHECK(rig.host.wait_for_line(LogLevel::warning, "messages wait for app ww1:"));
        CHECK(rig.host.events.size() == 0);
        CHECK(rig.reload([&](auto& settings) { settings["apps"] = all; }).problems.empty());
        const auto event = rig.host.events.take(patience);
        REQUIRE(event);
        CHECK(event->text == "the last");
    }

    TEST_CASE("a secret that WeCom refuses is said once, and its replies go with the right one") {
        AdapterRig rig(
            [](auto& settings) { app_named(settings, "hr")["corp_secret"] = "anOldOne"; });
        rig.start();
        for (int i = 0; i < 5; ++i) {
            rig.send_text("hr", "ww1:member" + std::to_string(i), "hello");
        }
        REQUIRE(rig.host.wait_for_line(LogLevel::error, "app hr sends nothing until"));
        CHECK(rig.host.lines_with("sends nothing until") == 1);
        CHECK(rig.results.size() == 0);

        const auto all = rig.all_apps();
        CHECK(rig.reload([&](auto& settings) { settings["apps"] = all; }).problems.empty());
        for (int i = 0; i < 5; ++i) {  // at once: the clock stands still
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
        CHECK(rig.host.wait_for_line(LogLevel::info, "app hr sends again"));
    }

    TEST_CASE("who may write, another name, and how replies look change at once") {
        AdapterRig rig([](auto& settings) {
            app_named(settings, "hr")["allowed_users"] = boost::json::array{"alice"};
            app_named(settings, "hr")["allow_all_users"] = false;
        });
        rig.start();
        CHECK(accepts(rig, "hr", "bob", "let me in"));
        CHECK(rig.hear("hr", "alice", "hello").user_id == "alice");
        const auto outcome = rig.reload([](auto& settings) {
            auto& hr = app_named(settings, "hr");
            hr["allowed_users"] = boost::json::array{"alice", "bob"};
            hr["name"] = "people";
            hr["reply_format"] = "markdown";
        });
        CHECK(outcome.problems.empty());
        const auto event = rig.hear("hr", "bob", "and now?");
        CHECK(event.account == "people");
        rig.reply(event, "**yes**");
        const auto delivery = rig.wecom.wait_for_delivery({.user_id = "bob"}, patience);
        REQUIRE(delivery);
        CHECK(delivery->content == "**yes**");
    }

    TEST_CASE("what needs a restart is named, and stays, the rest is taken") {
        AdapterRig rig;
        rig.start();
        const auto outcome = rig.reload([](auto& settings) {
            settings["port"] = 1;
            settings["threads"] = 3;
            settings["tls_certificate"] = "cert.pem";
            settings["tls_private_key"] = "key.pem";
            settings["stranger_reply"] = "Ask IT.";
            for (auto& app : settings.at("apps").as_array()) {
                app.as_object()["allowed_users"] = boost::json::array{"alice"};
                app.as_object()["allow_all_users"] = false;
            }
        });
        CHECK(outcome.problems.empty());
        CHECK(outcome.kept == Keys{"port", "threads", "tls_certificate"});
        CHECK(rig.hear("hr", "alice", "hello").user_id == "alice");
        CHECK(accepts(rig, "hr", "bob", "hello"));
        CHECK(rig.wecom.wait_for_delivery({.user_id = "bob", .content = "Ask IT."}, patience));
    }

    TEST_CASE("settings that are wrong change nothing, and are told as at a start") {
        AdapterRig rig;
        rig.start();
        const auto outcome = rig.reload([](auto& settings) {
            app_named(settings, "hr")["encoding_aes_key"] = "too short";
            app_named(settings, "it")["allowed_users"] = boost::json::array{"bob"};
        });
        REQUIRE(outcome.problems.size() == 1);
        CHECK(outcome.problems[0].find("encoding_aes_key") != std::string::npos);
        CHECK(outcome.problems[0].find("too short") == std::string::npos);
        CHECK(rig.hear("it", "alice", "hello").user_id == "alice");
    }

    TEST_CASE("callback path and source addresses change without closing the port") {
        AdapterRig rig;
        rig.start();
        auto socket = HttpSocket::connect(rig.port());
        const auto get = [&](const std::string& path) {
            socket.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            const auto answer = socket.read_message();
            return answer ? answer->status() : 0;
        };
        CHECK(get("/elsewhere") == 404);
        CHECK(rig.reload([](auto& settings) { settings["path"] = "/elsewhere"; }).problems.empty());
        CHECK(get("/elsewhere") == 200);  // on the same connection
        CHECK(get("/wecom/callback") == 404);
        CHECK(rig.reload([](auto& settings) {
                     settings["allowed_source_cidrs"] = boost::json::array{"10.0.0.0/8"};
                 })
                  .problems.empty());
        CHECK(get("/elsewhere") == 403);
    }

    TEST_CASE("metrics show the apps that are configured, and those that are gone no more") {
        AdapterRig rig(without_it);
        rig.start();
        const auto metrics = [&] {
            auto socket = HttpSocket::connect(rig.port());
            socket.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return socket.read_to_end();
        };
        const auto shows = [&](const char* what) {
            return metrics().find(what) != std::string::npos;
        };
        CHECK_FALSE(shows("app=\"it\""));
        const auto all = rig.all_apps();
        rig.reload([&](auto& settings) { settings["apps"] = all; });
        CHECK(shows("wecom_app_paused{app=\"it\"} 0"));
        CHECK(shows("wecom_callbacks_total{app=\"it\",outcome=\"accepted\"} 0"));
        CHECK(shows("wecom_delivered_parts_total{app=\"it\"} 0"));
        rig.reload(without_it);
        CHECK_FALSE(shows("wecom_app_paused{app=\"it\"}"));
    }

    TEST_CASE("a reload under load drops no connection and no message") {
        constexpr int writers = 8;
        constexpr int messages = 40;
        sim::SimulatorOptions options;
        options.limits.per_minute = options.limits.per_hour = 1'000'000;
        AdapterRig rig([](auto& settings) { settings["threads"] = 2; }, options);
        rig.host.answer_with([&](const MessageEvent& event) { rig.reply(event, event.text); });
        rig.limits.lanes.pacing = {.per_minute = 0, .per_hour = 0};
        rig.start();
        std::atomic<int> refused{0};
        std::atomic<int> written{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < writers; ++i) {
                threads.emplace_back([&, i] {
                    for (int j = 0; j < messages; ++j) {
                        const auto text = std::to_string(i) + "." + std::to_string(j);
                        const auto user = "member" + std::to_string(i);
                        refused += accepts(rig, "hr", user, text) ? 0 : 1;
                        ++written;
                    }
                });
            }
            const auto all = rig.all_apps();
            while (written < writers * messages) {
                CHECK(rig.reload(without_it).problems.empty());
                CHECK(rig.reload([&](auto& settings) { settings["apps"] = all; }).problems.empty());
            }
        }
        CHECK(refused == 0);
        const auto deliveries = rig.wecom.wait_for_deliveries({}, writers * messages, patience);
        CHECK(deliveries.size() == writers * messages);
        for (int i = 0; i < writers; ++i) {
            const auto got =
                contents(rig.wecom.deliveries({.user_id = "member" + std::to_string(i)}));
            CHECK(got.size() == messages);
            for (std::size_t j = 0; j < got.size(); ++j) {
                CHECK(got[j] == std::to_string(i) + "." + std::to_string(j));
            }
        }
    }
}

}  // namespace hermes::test
