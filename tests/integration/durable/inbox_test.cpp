#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>
#include <latch>
#include <map>
#include <set>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using durable::Accepted;
using durable::in_flight_lane_max;
using durable::in_flight_max;

void accept_many(durable::Store& store, int count,
                 const std::function<durable::NewEvent(int)>& make) {
    Mailbox<bool> stored;
    for (int i = 0; i < count; ++i) {
        store.inbox().accept(make(i), [&](base::Result<Accepted> result) {
            stored.put(result.has_value() && *result == Accepted::stored);
        });
    }
    for (int i = 0; i < count; ++i) {
        CHECK(stored.take() == true);
    }
}

// What `submit` brings goes into one commit: the writer is busy until it has returned.
void while_writing(durable::Store& store, const std::function<void()>& submit) {
    std::promise<void> busy;
    std::latch release(1);
    store.inbox().accept(event("busy"), [&](const base::Result<Accepted>&) {
        busy.set_value();
        release.wait();
    });
    busy.get_future().wait();
    submit();
    release.count_down();
    flush(store);
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
            CHECK(handed->payload == event("m1").payload);
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
            store->inbox().accept(event("m1"), [&](const base::Result<Accepted>&) {
                state.set_value(event_row(place, 1).state);
            });
            CHECK(state.get_future().get() == 0);
        });
    }

    TEST_CASE("a text of any kind comes back byte for byte") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto long_event = event("m1");
            long_event.payload = "<xml>'\"\\ \n\t\u4f60\u597d \xf0\x9f\x98\x80</xml>";
            for (int i = 0; i < 15; ++i) {
                long_event.payload += long_event.payload;
            }
            CHECK(accept(*store, long_event).value() == Accepted::stored);
            Host host(*store);
            CHECK(host.next()->payload == long_event.payload);
        });
    }

    TEST_CASE(
        "the same callback is one event, also in one commit, afterwards and after a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<Accepted> outcomes;
            for (int i = 0; i < 3; ++i) {
                store->inbox().accept(event("m1"), [&](base::Result<Accepted> result) {
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

    TEST_CASE("events that come together are each what they were, in their order") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const std::vector<std::string> payloads = {
                "a", "", "NULL", R"({"a","b"})", R"(\"' \\)", "two\nlines", "\u4f60\u597d", "{}"};
            Mailbox<Accepted> outcomes;
            const auto put = [&](const std::string& key, const std::string& payload) {
                auto one = event(key);
                one.payload = payload;
                store->inbox().accept(
                    one, [&](base::Result<Accepted> result) { outcomes.put(result.value()); });
            };
            REQUIRE(accept(*store, event("before")).has_value());
            while_writing(*store, [&] {
                for (const auto& payload : payloads) {
                    put("of " + payload, payload);
                }
                put("before", "again");
                put("of a", "again");
                put("the last", "z");
            });
            for (std::size_t n = 0; n < payloads.size(); ++n) {
                CHECK(outcomes.take() == Accepted::stored);
            }
            CHECK(outcomes.take() == Accepted::duplicate);
            CHECK(outcomes.take() == Accepted::duplicate);
            CHECK(outcomes.take() == Accepted::stored);
            Host host(*store);
            CHECK(host.next()->payload == event("before").payload);
            CHECK(host.next()->payload == event("busy").payload);
            for (const auto& payload : payloads) {
                CHECK(host.next()->payload == payload);
            }
            CHECK(host.next()->payload == "z");
            CHECK(host.idle());
        });
    }

    TEST_CASE("an event that the database refuses keeps out none of those that came with it") {
        PostgresPlace place;
        auto store = place.open();
        Mailbox<base::Result<Accepted>> outcomes;
        while_writing(*store, [&] {
            for (const auto* text : {"first", "not \xff UTF-8", "third"}) {
                auto one = event(text);
                one.payload = text;
                one.duplicate_key = std::to_string(text[0]);
                store->inbox().accept(
                    one, [&](base::Result<Accepted> result) { outcomes.put(std::move(result)); });
            }
        });
        CHECK(outcomes.take()->value() == Accepted::stored);
        CHECK(outcomes.take()->error() == durable::StateError::refused);
        CHECK(outcomes.take()->value() == Accepted::stored);
        Host host(*store);
        CHECK(host.next()->payload == event("busy").payload);
        CHECK(host.next()->payload == "first");
        CHECK(host.next()->payload == "third");
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
                place.session() << "delete from inbox";
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
            CHECK(event_row(place, handed->seq).state == 1);
            CHECK(event_row(place, handed->seq).payload.empty());
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
            CHECK(first->payload == event("m2").payload);
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
                CHECK(handed->payload == event(key).payload);
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
            std::optional<durable::StoredEvent> busy;
            std::optional<durable::StoredEvent> other;
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

    TEST_CASE("the account that heard an event is known while it is open, and later from its row") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1", "zhangsan", hr));
            accept(*store, event("m2", "lisi", it));
            for (int i = 0; i < 2; ++i) {  // of two chats: in any order
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(store->inbox().account_of(handed->seq).value() ==
                      (handed->seq == 1 ? hr : it));
            }
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
        CHECK(accept(*store, event("m1")).error() == durable::StateError::stopped);
    }
}

}  // namespace
}  // namespace hermes::test
