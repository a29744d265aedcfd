// What the agent begins with is charged; what waits, waits for its turn or for its app.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>
#include <thread>

#include "integration/state/store_rig.hpp"

namespace hermes::test {
namespace {

using wecom::Accepted;
using wecom::in_flight_lane_max;
using wecom::in_flight_max;

struct Row {
    int state = -1;
    int attempts = -1;
    std::string xml;
};

Row row(Place& place, std::int64_t seq) {
    Row found;
    const auto database = place.raw();
    database->session() << "select state, attempts, xml from inbox where seq = :seq",
        soci::use(seq), soci::into(found.state), soci::into(found.attempts), soci::into(found.xml);
    return found;
}

void accept_many(wecom::Store& store, int count, const std::function<wecom::NewEvent(int)>& make) {
    Mailbox<bool> stored;
    for (int i = 0; i < count; ++i) {
        store.inbox().accept(make(i), [&](wecom::Result<Accepted> result) {
            stored.put(result.has_value() && *result == Accepted::stored);
        });
    }
    for (int i = 0; i < count; ++i) {
        CHECK(stored.take() == true);
    }
}

TEST_SUITE("state/inbox attempts") {
    TEST_CASE("an attempt is charged, durably, when the agent begins, and to nothing that waits") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            for (const auto* key : {"m1", "m2", "m3"}) {
                accept(*store, event(key, key));
            }
            for (int i = 0; i < 3; ++i) {
                REQUIRE(host.next());
            }
            CHECK(store->inbox().begin(2));
            CHECK(row(place, 1).attempts == 0);
            CHECK(row(place, 2).attempts == 1);
            CHECK(store->inbox().begin(2));  // once is enough
            CHECK(row(place, 2).attempts == 1);
            CHECK(row(place, 3).attempts == 0);
        });
    }

    TEST_CASE("what was handed over and never begun is never set aside, however often it dies") {
        on_each_database([](Place& place) {
            auto store = place.open();
            for (int death = 0; death < 5; ++death) {
                accept(*store, event("m", "zhangsan"));
                Host host(*store);
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->attempt == 1);
                CHECK_FALSE(handed->redelivered);
                end_without_stop(store, place);
                store = place.open();
            }
        });
    }

    TEST_CASE("the agent does not begin with what is settled, unknown or not handed over") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            CHECK_FALSE(store->inbox().begin(1));
            Host host(*store);
            REQUIRE(host.next());
            CHECK_FALSE(store->inbox().begin(99));
            store->inbox().settle(1);
            CHECK_FALSE(store->inbox().begin(1));
            accept(*store, event("m2"));
            REQUIRE(host.next());
            store->inbox().stop();
            CHECK_FALSE(store->inbox().begin(2));
            store->stop();
            CHECK_FALSE(store->inbox().begin(2));
        });
    }

    TEST_CASE("an agent that waits to begin is let go when the inbox stops") {
        SqlitePlace place;
        auto store = place.open();
        accept(*store, event("m1"));
        Host host(*store);
        REQUIRE(host.next());
        const auto other = place.raw();
        other->begin();  // keeps every writer out
        std::promise<bool> begun;
        std::thread agent([&] { begun.set_value(store->inbox().begin(1)); });
        auto outcome = begun.get_future();
        CHECK(outcome.wait_for(std::chrono::milliseconds{100}) == std::future_status::timeout);
        store->inbox().stop();
        CHECK_FALSE(outcome.get());
        agent.join();
        other->rollback();
    }

    TEST_CASE("a clean stop does not count as an attempt, but the agent had begun before") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            for (int round = 0; round < 5; ++round) {
                Host host(*store, Host::Agent::begins);
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->attempt == 1);
                CHECK(handed->redelivered == (round > 0));
                store.reset();
                store = place.open();
            }
            CHECK(row(place, 1).attempts == 0);
        });
    }

    TEST_CASE("commands pass what waits in their chat, what waits in all, and a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto command = [](const std::string& key, const std::string& user) {
                auto urgent = event(key, user);
                urgent.urgent = true;
                return urgent;
            };
            accept_many(*store, 40, [](int i) { return event("q" + std::to_string(i), "busy"); });
            accept_many(*store, 1'100, [](int i) {
                return event("u" + std::to_string(i), "user" + std::to_string(i));
            });
            {
                Host host(*store);
                for (std::size_t i = 0; i < in_flight_max; ++i) {
                    REQUIRE(host.next());
                }
                accept(*store, command("/stop", "busy"));
                const auto stop = host.next();
                REQUIRE(stop);
                CHECK(stop->xml == event("/stop").xml);
                CHECK(host.idle());
                store.reset();
            }
            store = place.open();
            Host host(*store);
            bool came = false;
            for (std::size_t i = 0; i < in_flight_max + 1; ++i) {
                const auto handed = host.next();
                REQUIRE(handed);
                came = came || handed->xml == event("/stop").xml;
            }
            CHECK(came);
        });
    }

    TEST_CASE("events of an app that is not configured wait, are told of once, and come later") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1", "zhangsan", it));
            accept(*store, event("m2", "lisi", it));
            accept(*store, event("m3", "lisi", hr));
            {
                Host host(*store, Host::Agent::waits, {hr});
                CHECK(host.next()->account == hr);
                CHECK(host.next_unknown() == it);
                accept(*store, event("m4", "wangwu", hr));
                CHECK(host.next()->xml == event("m4").xml);
                store.reset();
                CHECK(host.idle());
            }
            store = place.open();
            Host host(*store, Host::Agent::waits, {it});
            CHECK(host.next()->xml == event("m1").xml);
            CHECK(host.next()->xml == event("m2").xml);
            CHECK(host.next_unknown() == hr);
        });
    }

    TEST_CASE("an event that three runs of the host did not survive is set aside") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("poison"));
            accept(*store, event("behind it"));
            for (int attempt = 1; attempt <= 3; ++attempt) {
                Host host(*store);
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->xml == event("poison").xml);
                CHECK(handed->attempt == attempt);
                CHECK(handed->redelivered == (attempt > 1));
                CHECK(store->inbox().begin(handed->seq));
                REQUIRE(host.next());
                end_without_stop(store, place);
                store = place.open();
            }
            store.reset();
            Mailbox<wecom::DeadEvent> dead;
            auto options = place.options();
            options.on_dead_event = [&](const wecom::DeadEvent& event) { dead.put(event); };
            store = std::make_unique<wecom::Store>(options);
            Host host(*store);
            const auto set_aside = dead.take();
            REQUIRE(set_aside);
            CHECK(set_aside->seq == 1);
            CHECK(set_aside->chat == "ww1:zhangsan");
            CHECK(set_aside->attempts == 3);
            CHECK(set_aside->reason ==
                  "the agent began with it 3 times and the gateway ended each time");
            CHECK(row(place, 1).state == 2);
            CHECK(row(place, 1).xml == event("poison").xml);
            const auto next = host.next();
            REQUIRE(next);
            CHECK(next->xml == event("behind it").xml);
            CHECK(next->attempt == 1);
        });
    }
}

}  // namespace
}  // namespace hermes::test
