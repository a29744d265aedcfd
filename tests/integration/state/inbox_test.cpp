#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>
#include <map>
#include <set>
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

TEST_SUITE("state/inbox") {
    TEST_CASE("an accepted event is handed over once, with its text") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            CHECK(accept(*store, event("m1")).value() == Accepted::stored);
            const auto handed = host.next();
            REQUIRE(handed);
            CHECK(handed->account == hr);
            CHECK(handed->chat == "ww1:zhangsan");
            CHECK(handed->xml == event("m1").xml);
            CHECK(handed->attempt == 1);
            CHECK_FALSE(handed->redelivered);
            store->stop();
            CHECK(host.idle());
        });
    }

    TEST_CASE("it is durable before it is acknowledged") {
        on_each_database([](Place& place) {
            auto store = place.open();
            std::promise<int> state;
            store->inbox().accept(event("m1"), [&](const wecom::Result<Accepted>&) {
                state.set_value(row(place, 1).state);
            });
            CHECK(state.get_future().get() == 0);
        });
    }

    TEST_CASE("a text of any kind comes back byte for byte") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto long_event = event("m1");
            long_event.xml = "<xml>'\"\\ \n\t\u4f60\u597d \xf0\x9f\x98\x80</xml>";
            for (int i = 0; i < 15; ++i) {
                long_event.xml += long_event.xml;
            }
            CHECK(accept(*store, long_event).value() == Accepted::stored);
            Host host(*store);
            CHECK(host.next()->xml == long_event.xml);
        });
    }

    TEST_CASE(
        "the same callback is one event, also in one commit, afterwards and after a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<Accepted> outcomes;
            for (int i = 0; i < 3; ++i) {
                store->inbox().accept(event("m1"), [&](wecom::Result<Accepted> result) {
                    outcomes.put(result.value());
                });
            }
            CHECK(outcomes.take() == Accepted::stored);
            CHECK(outcomes.take() == Accepted::duplicate);
            CHECK(outcomes.take() == Accepted::duplicate);
            CHECK(accept(*store, event("m1")).value() == Accepted::duplicate);
            {
                Host host(*store);
                store->inbox().settle(host.next()->seq);
            }
            CHECK(accept(*store, event("m1")).value() == Accepted::duplicate);
            store.reset();
            store = place.open();
            CHECK(accept(*store, event("m1")).value() == Accepted::duplicate);
            Host host(*store);
            store->stop();
            CHECK(host.idle());
        });
    }

    TEST_CASE("numbers grow in the order of commits and are never used again") {
        on_each_database([](Place& place) {
            auto store = place.open();
            std::int64_t last = 0;
            for (int round = 0; round < 3; ++round) {
                Host host(*store);
                CHECK(accept(*store, event("m" + std::to_string(round))).value() ==
                      Accepted::stored);
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->seq > last);
                last = handed->seq;
                store->inbox().settle(handed->seq);
                store.reset();
                place.raw()->session() << "delete from inbox";
                store = place.open();
            }
        });
    }

    TEST_CASE("a settled event is gone, its text with it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            const auto handed = host.next();
            store->inbox().settle(handed->seq);
            store->inbox().settle(handed->seq);
            store->inbox().settle(4711);
            flush(*store);
            CHECK(row(place, handed->seq).state == 1);
            CHECK(row(place, handed->seq).xml.empty());
            store.reset();
            store = place.open();
            Host again(*store);
            store->stop();
            CHECK(again.idle());
        });
    }

    TEST_CASE("an event that was not handed over yet can be settled too") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            accept(*store, event("m2"));
            store->inbox().settle(1);
            Host host(*store);
            const auto first = host.next();
            REQUIRE(first);
            CHECK(first->xml == event("m2").xml);
        });
    }

    TEST_CASE("what was not settled is handed over again after a restart, in order") {
        on_each_database([](Place& place) {
            auto store = place.open();
            for (const auto* key : {"m1", "m2", "m3"}) {
                CHECK(accept(*store, event(key)).value() == Accepted::stored);
            }
            {
                Host host(*store);
                store->inbox().settle(host.next()->seq);
                REQUIRE(host.next());
                REQUIRE(host.next());
                store.reset();
            }
            store = place.open();
            accept(*store, event("m4"));
            Host host(*store);
            accept(*store, event("m5"));
            for (const auto* key : {"m2", "m3", "m4", "m5"}) {
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->xml == event(key).xml);
            }
        });
    }

    TEST_CASE(
        "events that come while the backlog is loaded wait for the older ones of their chat") {
        on_each_database([](Place& place) {
            constexpr int old_events = 2'500;  // several pages
            auto store = place.open();
            accept_many(*store, old_events, [](int i) {
                return event("old" + std::to_string(i), "user" + std::to_string(i % 50));
            });
            store.reset();
            store = place.open();
            Host host(*store);
            accept_many(*store, 500, [](int i) {
                return event("new" + std::to_string(i), "user" + std::to_string(i % 50));
            });
            std::map<std::string, std::int64_t> last;
            std::set<std::int64_t> seen;
            for (int i = 0; i < old_events + 500; ++i) {
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->seq > last[handed->chat]);
                last[handed->chat] = handed->seq;
                CHECK(seen.insert(handed->seq).second);
                store->inbox().settle(handed->seq);
            }
        });
    }

    TEST_CASE("the host has at most a window of events of one chat, and of all chats") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            const auto lane_max = static_cast<int>(in_flight_lane_max);
            const auto all_max = static_cast<int>(in_flight_max);
            accept_many(*store, lane_max + 3,
                        [](int i) { return event("one" + std::to_string(i), "busy"); });
            accept_many(*store, all_max, [](int i) {
                return event("all" + std::to_string(i), "user" + std::to_string(i));
            });
            std::optional<wecom::StoredEvent> busy;
            std::optional<wecom::StoredEvent> other;
            for (int i = 0; i < all_max; ++i) {
                auto handed = host.next();
                REQUIRE(handed);
                (handed->chat == "ww1:busy" ? busy : other) = std::move(handed);
            }
            CHECK(host.idle());
            // Room in the busy chat is room for one of the chats that waited longer, in turn.
            store->inbox().settle(busy->seq);
            REQUIRE(host.next());
            store->stop();
            CHECK(host.idle());
        });
    }

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

    TEST_CASE("the account that heard an event is known while it is open, and later from its row") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1", "zhangsan", hr));
            accept(*store, event("m2", "lisi", it));
            CHECK(store->inbox().account_of(host.next()->seq).value() == hr);
            CHECK(store->inbox().account_of(host.next()->seq).value() == it);
            store->inbox().settle(1);
            flush(*store);
            CHECK(store->inbox().account_of(1).value() == hr);
            CHECK(store->inbox().account_of(99).value().empty());
        });
    }

    TEST_CASE(
        "after stop nothing is handed over, and what is accepted still waits for the next run") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            store->inbox().stop();
            store->inbox().stop();
            CHECK(accept(*store, event("m1")).value() == Accepted::stored);
            CHECK(host.idle());
            store.reset();
            store = place.open();
            Host next(*store);
            REQUIRE(next.next());
        });
    }

    TEST_CASE("an accept after the store has stopped is refused") {
        SqlitePlace place;
        auto store = place.open();
        store->stop();
        CHECK(accept(*store, event("m1")).error() == wecom::StateError::stopped);
    }
}

}  // namespace
}  // namespace hermes::test
