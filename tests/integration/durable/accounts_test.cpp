// Events of apps that are not configured.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <set>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

TEST_SUITE("state/accounts") {
    TEST_CASE("events of an app that is not configured wait for a start that has it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            for (const auto* key : {"s1", "s2"}) {
                accept(*store, event(key, "lisi", sales));
            }
            accept(*store, event("m1"));
            accept(*store, event("s3", "wangwu", sales));
            accept(*store, event("i1", "lisi", it));
            for (int run = 0; run < 5; ++run) {  // more than an event has attempts
                Host host(*store, {hr});
                CHECK(host.begin_next().payload == event("m1").payload);
                std::set<std::string> unknown;
                unknown.insert(host.next_unknown_account().value_or(""));
                unknown.insert(host.next_unknown_account().value_or(""));
                CHECK(unknown == std::set{sales, it});
                store->inbox().reload();
                store->stop();
                CHECK(host.idle());
                CHECK(host.unknown_accounts() == 0);
                store = place.open();
            }
            CHECK(count(place, "inbox", "state = 0 and attempts = 0") == 5);
            Host host(*store);
            std::vector<std::string> of_lisi;
            std::set<std::string> all;
            for (int i = 0; i < 5; ++i) {
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->attempt == 1);
                all.insert(handed->payload);
                if (handed->chat == "ww2:lisi") {
                    of_lisi.push_back(handed->payload);
                }
            }
            CHECK(all.size() == 5);
            CHECK(of_lisi == std::vector{event("s1").payload, event("s2").payload});
            CHECK(host.unknown_accounts() == 0);
        });
    }

    TEST_CASE("one of them on its last attempt keeps nobody waiting and is not charged") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("s1", "lisi", sales));
            accept(*store, event("m1"));
            store->stop();
            place.session() << "update inbox set attempts = 2";
            auto options = place.options();
            options.alone_time = std::chrono::hours(1);
            store = std::make_unique<durable::Store>(options, place.loop());
            Host host(*store, {hr});
            CHECK(host.begin_next().payload == event("m1").payload);
            end_without_stop(store, place);
            CHECK(event_row(place, 1).attempts == 2);
            CHECK(event_row(place, 2).attempts == 3);
        });
    }

    TEST_CASE("the account of an event is told although its app is not configured") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("s1", "lisi", sales));
            Host host(*store, {hr});
            CHECK(store->inbox().account_of(1).value() == sales);
        });
    }
}

}  // namespace
}  // namespace hermes::test
