// Who kills the process is set aside; who was merely there is not.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include "integration/state/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

struct Row {
    int state = -1;
    int attempts = -1;
};

Row row(const Place& place, std::int64_t seq) {
    Row found;
    const auto database = place.raw();
    database->session() << "select state, attempts from inbox where seq = :seq", soci::use(seq),
        soci::into(found.state), soci::into(found.attempts);
    return found;
}

std::unique_ptr<wecom::Store> open(const Place& place, std::chrono::milliseconds alone_time) {
    auto options = place.options();
    options.alone_time = alone_time;
    return std::make_unique<wecom::Store>(options);
}

// Events 1 .. `count`, of a chat each, with all of which the agent had begun when it died, twice.
std::unique_ptr<wecom::Store> after_two_deaths(Place& place, int count,
                                               std::chrono::milliseconds alone_time) {
    auto store = place.open();
    for (int i = 1; i <= count; ++i) {
        const auto name = std::to_string(i);
        REQUIRE(accept(*store, event(name, "user" + name)).has_value());
    }
    for (int death = 0; death < 2; ++death) {
        Host host(*store, Host::Agent::begins);
        for (int i = 1; i <= count; ++i) {
            REQUIRE(host.next());
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
                Host host(*store, Host::Agent::begins);
                CHECK(host.next()->seq == 1);
                flush(*store);
                CHECK(host.idle());  // the others wait
                store->inbox().settle(1);
                const auto poison = host.next();
                REQUIRE(poison);
                CHECK(poison->seq == 2);
                CHECK(poison->attempt == 3);
                CHECK(row(place, 2).attempts == 3);  // durable before it could kill anybody
                end_without_stop(store, place);
                CHECK(host.idle());
            }
            store = open(place, 1h);
            Host host(*store, Host::Agent::begins);
            const auto innocent = host.next();
            REQUIRE(innocent);
            CHECK(innocent->seq == 3);
            CHECK(innocent->attempt == 3);
            store->inbox().settle(3);
            REQUIRE(accept(*store, event("later", "user4")).has_value());
            CHECK(host.next()->seq == 4);
            flush(*store);
            CHECK(row(place, 1).state == 1);
            CHECK(row(place, 2).state == 2);
            CHECK(row(place, 3).state == 1);
        });
    }

    TEST_CASE("an event that takes its time is not charged for what comes after it") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 20ms);
            Mailbox<Row> charges;
            const auto hand_over = [&](const wecom::StoredEvent& given) {
                store->inbox().begin(given.seq);
                if (given.seq == 2) {  // if it killed now:
                    charges.put(row(place, 1));
                    charges.put(row(place, 2));
                }
            };
            store->inbox().start({hr}, {.hand_over = hand_over, .on_unknown_account = {}});
            CHECK(charges.take()->attempts == 2);
            CHECK(charges.take()->attempts == 3);
            store.reset();
        });
    }

    TEST_CASE("when all had their turn they are charged, and the others go on") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 20ms);
            REQUIRE(accept(*store, event("new", "user3")).has_value());
            Host host(*store, Host::Agent::begins);
            CHECK(host.next()->seq == 1);
            CHECK(host.next()->seq == 2);
            CHECK(host.next()->seq == 3);
            flush(*store);
            CHECK(row(place, 1).attempts == 3);
            CHECK(row(place, 2).attempts == 3);
        });
    }

    TEST_CASE("however many may be the one, each has its turn alone") {
        SqlitePlace place;
        constexpr int suspects = 40;
        auto store = after_two_deaths(place, suspects, 1h);
        Host host(*store, Host::Agent::begins);
        for (std::int64_t seq = 1; seq <= suspects; ++seq) {
            CHECK(host.next()->seq == seq);
            flush(*store);
            CHECK(host.idle());
            store->inbox().settle(seq);
        }
    }

    TEST_CASE("one with which the agent does not begin in its time is not charged") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 20ms);
            Host host(*store);
            CHECK(host.next()->seq == 1);
            CHECK(host.next()->seq == 2);
            end_without_stop(store, place);
            CHECK(row(place, 1).attempts == 2);
            CHECK(row(place, 2).attempts == 2);
        });
    }

    TEST_CASE("a clean stop during a last attempt costs nothing") {
        on_each_database([](Place& place) {
            auto store = after_two_deaths(place, 2, 1h);
            {
                Host host(*store, Host::Agent::begins);
                CHECK(host.next()->seq == 1);
                store.reset();
            }
            CHECK(row(place, 1).attempts == 2);
            CHECK(row(place, 2).attempts == 2);
            store = open(place, 20ms);
            Host host(*store, Host::Agent::begins);
            CHECK(host.next()->seq == 1);
            CHECK(host.next()->seq == 2);
            store.reset();
            CHECK(row(place, 1).attempts == 2);
            CHECK(row(place, 2).attempts == 2);
        });
    }
}

}  // namespace
}  // namespace hermes::test
