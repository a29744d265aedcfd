// Who kills the process is set aside; who was merely there is not.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>

#include "durable/database/attempt_log.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<durable::Store> open(const Place& place, std::chrono::milliseconds alone_time) {
    auto options = place.options();
    options.alone_time = alone_time;
    return std::make_unique<durable::Store>(options, place.loop());
}

// Events 1 .. `count`, of a chat each, all of which the agent had begun with when it died, twice.
std::unique_ptr<durable::Store> after_two_deaths(Place& place, int count,
                                                 std::chrono::milliseconds alone_time) {
    auto store = place.open();
    for (int i = 1; i <= count; ++i) {
        const auto name = std::to_string(i);
        REQUIRE(accept(*store, event(name, "user" + name)).has_value());
    }
    for (int death = 0; death < 2; ++death) {
        Host host(*store);
        for (int i = 1; i <= count; ++i) {
            host.begin_next();
        }
        end_without_stop(store, place);
        store = open(place, alone_time);
    }
    return store;
}

TEST_SUITE("state/last attempt") {
    TEST_CASE("only the event that kills the process is set aside, not those beside it") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 3, 1h);
            {
                Host host(*store);
                CHECK(host.begin_next().seq == 1);
                flush(*store);
                CHECK(host.idle());  // the others wait
                store->inbox().settle(1);
                const auto poison = host.begin_next();
                CHECK(poison.seq == 2);
                CHECK(poison.attempt == 3);
                CHECK(event_row(place, 2).attempts == 3);  // durable before it could kill anybody
                end_without_stop(store, place);
                CHECK(host.idle());
            }
            store = open(place, 1h);
            Host host(*store);
            const auto innocent = host.begin_next();
            CHECK(innocent.seq == 3);
            CHECK(innocent.attempt == 3);
            store->inbox().settle(3);
            REQUIRE(accept(*store, event("later", "user4")).has_value());
            CHECK(host.next()->seq == 4);
            flush(*store);
            CHECK(event_row(place, 1).state == 1);
            CHECK(event_row(place, 2).state == 2);
            CHECK(event_row(place, 3).state == 1);
        });
    }

    TEST_CASE("an event that takes its time is not charged for what comes after it") {
        on_each_database([](Place& place) {
            after_two_deaths(place, 2, 1h);
            base::EventLoop loop(place.clock.steady_clock());
            auto options = place.options();
            options.alone_time = 1h;
            durable::Store store(options, loop);
            Host host(store);
            CHECK(host.begin_next().seq == 1);
            CHECK(event_row(place, 1).attempts == 3);
            place.clock.advance(1h);
            CHECK(host.begin_next().seq == 2);
            CHECK(event_row(place, 1).attempts == 2);  // if the second killed now
            CHECK(event_row(place, 2).attempts == 3);
        });
    }

    TEST_CASE("when all had their turn they are charged, and the others go on") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 20ms);
            REQUIRE(accept(*store, event("new", "user3")).has_value());
            Host host(*store);
            CHECK(host.begin_next().seq == 1);
            CHECK(host.begin_next().seq == 2);
            CHECK(host.next()->seq == 3);
            flush(*store);
            CHECK(event_row(place, 1).attempts == 3);
            CHECK(event_row(place, 2).attempts == 3);
            std::string log;
            place.session() << "select attempt_log from inbox where seq = 1", soci::into(log);
            CHECK(durable::read_attempts(log).size() == 3);  // and not one for each charge
        });
    }

    TEST_CASE("a charge that was taken back and is written anew counts, also in one commit") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 1, 20ms);
            REQUIRE(accept(*store, event("new", "user2")).has_value());
            Host host(*store);
            REQUIRE(host.next()->seq == 1);
            std::future<bool> begun;
            {
                const Locked locked(place);
                store->inbox().accept(event("held up"), [](const auto&) {});
                begun = std::async(std::launch::async, [&] { return store->inbox().begin(1); });
                CHECK(host.next()->seq == 2);  // the time alone is over, and nothing is written
            }
            CHECK(begun.get());
            flush(*store);
            CHECK(event_row(place, 1).attempts == 3);
        });
    }

    TEST_CASE("a clean stop during a last attempt costs nothing") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 1h);
            {
                Host host(*store);
                CHECK(host.begin_next().seq == 1);
                CHECK(event_row(place, 1).attempts == 3);
                store.reset();
            }
            CHECK(event_row(place, 1).attempts == 2);
            CHECK(event_row(place, 2).attempts == 2);
            store = open(place, 20ms);
            Host host(*store);
            CHECK(host.begin_next().seq == 1);
            CHECK(host.begin_next().seq == 2);
            store.reset();
            CHECK(event_row(place, 1).attempts == 2);
            CHECK(event_row(place, 2).attempts == 2);
        });
    }

    TEST_CASE("a clean stop costs nothing at the moment when the last attempts are charged again") {
        SqlitePlace place;
        auto store = after_two_deaths(place, 1, 20ms);
        for (int round = 0; round < 60; ++round) {
            Host host(*store);
            host.begin_next();
            for (int look = 0; look < round; ++look) {  // each about a millisecond
                CHECK(event_row(place, 1).state == 0);
            }
            store.reset();
            REQUIRE(event_row(place, 1).attempts == 2);
            store = open(place, 20ms);
        }
    }

    TEST_CASE("forty that have one attempt left are each handed over alone") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 40, 1h);
            Host host(*store);
            for (std::int64_t seq = 1; seq <= 40; ++seq) {
                const auto begun = host.begin_next();
                CHECK(begun.seq == seq);
                CHECK(begun.attempt == 3);
                CHECK(host.idle());
                store->inbox().settle(seq);
            }
            flush(*store);
            CHECK(count(place, "inbox", "state = 1") == 40);
        });
    }

    TEST_CASE(
        "one that the agent does not begin with keeps the others for its time and is not charged") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 20ms);
            Host host(*store);
            CHECK(host.next()->seq == 1);
            CHECK(host.next()->seq == 2);
            end_without_stop(store, place);
            CHECK(event_row(place, 1).attempts == 2);
            CHECK(event_row(place, 2).attempts == 2);
        });
    }
}

}  // namespace
}  // namespace hermes::test
