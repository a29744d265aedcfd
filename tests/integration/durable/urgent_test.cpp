// Commands pass the windows.
#include <doctest/doctest.h>

#include <algorithm>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

constexpr auto lane_max = static_cast<int>(durable::in_flight_lane_max);
constexpr auto all_max = static_cast<int>(durable::in_flight_max);
constexpr auto urgent_max = static_cast<int>(durable::urgent_in_flight_max);

durable::NewEvent command(const std::string& key, const std::string& user = "zhangsan") {
    auto made = event(key, user);
    made.urgent = true;
    return made;
}

void accept_all(durable::Store& store, int count,
                const std::function<durable::NewEvent(const std::string&)>& make) {
    for (int i = 0; i < count; ++i) {
        REQUIRE(accept(store, make(std::to_string(i))).has_value());
    }
}

TEST_SUITE("state/urgent") {
    TEST_CASE("a command is handed over past more events of its chat than the window holds") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto host = std::make_unique<Host>(*store);
            for (int i = 0; i < lane_max; ++i) {
                accept(*store, event(std::to_string(i)));
                CHECK(host->next()->payload == event(std::to_string(i)).payload);
            }
            accept_all(*store, 8, [](const std::string& n) { return event("behind " + n); });
            accept(*store, command("/stop"));
            CHECK(host->next()->payload == event("/stop").payload);
            CHECK(host->idle());
            // Also after a restart, when it is one of the backlog.
            store.reset();
            store = place.open();
            host = std::make_unique<Host>(*store);
            std::int64_t command_seq = 0;
            std::vector<std::int64_t> ordinary;
            for (int i = 0; i <= lane_max; ++i) {
                const auto handed = host->next();
                REQUIRE(handed);
                if (handed->payload == event("/stop").payload) {
                    command_seq = handed->seq;
                } else {
                    ordinary.push_back(handed->seq);
                }
            }
            CHECK(command_seq == lane_max + 9);
            CHECK(std::is_sorted(ordinary.begin(), ordinary.end()));
            // Once it is settled the ordinary ones go on where they were.
            store->inbox().settle(command_seq);
            store->inbox().settle(ordinary.front());
            CHECK(host->next()->seq == ordinary.back() + 1);
            store->stop();
            CHECK(host->idle());
        });
    }

    TEST_CASE("a command is handed over past more events than the window of all chats holds") {
        SqlitePlace place;
        auto store = place.open();
        auto host = std::make_unique<Host>(*store);
        accept_all(*store, all_max + 6, [](const std::string& n) { return event(n, "user" + n); });
        accept(*store, command("/stop", "user5"));
        for (int i = 0; i < all_max; ++i) {
            REQUIRE(host->next());
        }
        CHECK(host->next()->payload == event("/stop").payload);
        store.reset();
        store = place.open();
        host = std::make_unique<Host>(*store);
        bool seen = false;
        for (int i = 0; i <= all_max; ++i) {
            seen = host->next()->payload == event("/stop").payload || seen;
        }
        CHECK(seen);
        store->stop();
        CHECK(host->idle());
    }

    TEST_CASE("commands have a window of their own, beside which the others go on") {
        SqlitePlace place;
        auto store = place.open();
        Host host(*store);
        accept_all(*store, urgent_max + 2, [](const std::string& n) { return command("/" + n); });
        std::int64_t first = 0;
        for (int i = 0; i < urgent_max; ++i) {
            const auto handed = host.next();
            REQUIRE(handed);
            first = first == 0 ? handed->seq : first;
        }
        accept(*store, event("m1"));
        CHECK(host.next()->payload == event("m1").payload);
        CHECK(host.idle());
        store->inbox().settle(first);
        CHECK(host.next()->seq == urgent_max + 1);
        store->stop();
        CHECK(host.idle());
    }

    TEST_CASE("a command is begun, charged and set aside as any event") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, command("/poison"));
            for (int run = 1; run <= 3; ++run) {
                Host host(*store);
                CHECK(host.begin_next().attempt == run);
                end_without_stop(store, place);
                store = place.open();
            }
            Host host(*store);
            accept(*store, event("m1"));
            CHECK(host.next()->payload == event("m1").payload);
            flush(*store);
            CHECK(event_row(place, 1).state == 2);
        });
    }
}

}  // namespace
}  // namespace hermes::test
