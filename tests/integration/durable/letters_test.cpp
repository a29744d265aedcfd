// Dead letters: replies that no request could be made of, and what a retry gives.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include "durable/operator/operator_view.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::OperatorView;

std::string why_not(OperatorView& view, const std::string& id) {
    try {
        return view.retry(id) ? "it was retried" : "there is no such letter";
    } catch (const std::runtime_error& error) {
        CHECK(typeid(error) == typeid(std::runtime_error));
        return error.what();
    }
}

std::string id_of(const std::vector<durable::PendingPart>& parts) {
    return "out-" + std::to_string(parts[0].message);
}

// A dead letter with that code.
std::string letter(durable::Store& store, int code, const std::string& account = hr) {
    static int n = 0;
    const auto parts = enqueue(store, message(std::to_string(++n), "zhangsan", account)).value();
    failed(store, parts[0].message, "no", code);
    return id_of(parts);
}

TEST_SUITE("state/letters") {
    TEST_CASE("a reply without a way becomes a letter in the commit that settles its event") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            const auto begun = host.begin_next();
            Mailbox<std::pair<int, int>> seen;
            store->outbox().keep_lost(
                {"ww1:zhangsan", "the answer", "no app is named 'hr'", 1},
                [&](boost::system::error_code error) {
                    CHECK_FALSE(error);
                    seen.put({event_row(place, 1).state, count(place, "outbox", "state = 2")});
                });
            CHECK(seen.take() == std::pair(1, 1));
            CHECK(store->outbox().pending().value().empty());
            OperatorView view(place.connection(), place.data_directory());
            const auto letters = view.dead_letters(10);
            REQUIRE(letters.size() == 1);
            CHECK(letters[0].account.empty());
            CHECK(letters[0].chat.value == "ww1:zhangsan");
            CHECK(letters[0].reason == "no app is named 'hr'");
            CHECK(letters[0].content == "the answer");
            CHECK(letters[0].created_at == place.clock.now());
            // And the chat moves on.
            for (std::size_t i = 0; i < durable::in_flight_lane_max; ++i) {
                accept(*store, event("next" + std::to_string(i)));
                REQUIRE(host.next());
            }
        });
    }

    TEST_CASE("it can't be retried, only dropped") {
        on_each_database([](Place& place) {
            auto store = place.open();
            CHECK_FALSE(lost(*store, {"ww1:zhangsan", "the answer", "no app", 99}));
            OperatorView view(place.connection(), place.data_directory());
            CHECK(why_not(view, "out-1") ==
                  "out-1 cannot be sent again, since no app could be found for it or it has no "
                  "text: send it anew with `send`, or drop it");
            CHECK(view.dead_letter("out-1"));
            CHECK(view.retry_all({}) == 0);
            CHECK(view.drop("out-1"));
            CHECK_FALSE(view.drop("out-1"));
            CHECK(why_not(view, "out-1") == "there is no such letter");
        });
    }

    TEST_CASE("it stays for a month of running time") {
        on_each_database([](Place& place) {
            auto options = place.options();
            options.cleaning_interval = 5ms;
            durable::Store store(options, place.loop());
            lost(store, {"ww1:zhangsan", "the answer", "no app", 99});
            place.clock.advance(30 * 24h);
            wait_for_a_sweep(place, store);
            CHECK(count(place, "outbox") == 1);
            place.clock.advance(1ms);
            wait_for_a_sweep(place, store);
            CHECK(count(place, "outbox") == 0);
        });
    }

    TEST_CASE("a letter has its whole lifetime again, however often it is retried") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto long_one = message("hello");
            long_one.lifetime = 7h;
            const auto id = id_of(enqueue(*store, long_one).value());
            for (int retry = 0; retry < 4; ++retry) {
                place.clock.advance(24h);
                store.reset();  // keeps the running time, by which the view goes
                store = place.open();
                failed(*store, 1, "deadline");
                OperatorView view(place.connection(), place.data_directory());
                CHECK(view.retry(id));
                const auto pending = store->outbox().pending().value();
                REQUIRE(pending.size() == 1);
                CHECK(pending[0].deadline == place.clock.steady_now() + 7h);
                CHECK(pending[0].not_before <= place.clock.steady_now());
            }
        });
    }

    TEST_CASE("all letters are retried at once, or those of a code, an app or a time") {
        on_each_database([](Place& place) {
            auto store = place.open();
            OperatorView view(place.connection(), place.data_directory());
            const auto dead = [&] { return count(place, "outbox", "state = 2"); };
            accept(*store, event("dead"));
            flush(*store);
            place.session() << "update inbox set state = 2, finished_at_ms = "
                            << base::to_unix_ms(place.clock.now());
            letter(*store, 60020);
            letter(*store, 60020, it);
            place.clock.advance(1h);
            const auto later = place.clock.now();
            letter(*store, 60020);
            letter(*store, 81013);
            lost(*store, {"ww1:zhangsan", "the answer", "no app", 99});
            REQUIRE(dead() == 5);

            CHECK(view.retry_all({.platform_code = 45009}) == 0);
            CHECK(view.retry_all({.platform_code = 60020, .since = later}) == 1);
            CHECK(dead() == 4);
            CHECK(view.retry_all({.account = it}) == 1);
            CHECK(dead() == 3);
            CHECK(view.retry_all({.platform_code = 60020, .since = later}) == 0);
            CHECK(view.retry_all({.since = later}) == 1);  // 81013
            CHECK(event_row(place, 1).state == 2);
            CHECK(view.retry_all({.platform_code = 60020}) == 1);  // no event has one
            CHECK(event_row(place, 1).state == 2);
            CHECK(view.retry_all({}) == 1);
            CHECK(event_row(place, 1).state == 0);
            CHECK(dead() == 1);  // the lost one
        });
    }

    TEST_CASE("a filter with the code 0 is one without a code, and takes events too") {
        on_each_database([](Place& place) {
            auto store = place.open();
            OperatorView view(place.connection(), place.data_directory());
            accept(*store, event("dead"));
            flush(*store);
            place.session() << "update inbox set state = 2, finished_at_ms = "
                            << base::to_unix_ms(place.clock.now());
            letter(*store, 60020);
            letter(*store, 0);
            CHECK(view.retry_all({.platform_code = 0}) == 3);
            CHECK(event_row(place, 1).state == 0);
            CHECK(store->outbox().pending().value().size() == 2);
        });
    }

    TEST_CASE("a retry of many is one change that the gateway notices, and of none is none") {
        on_each_database([](Place& place) {
            auto store = place.open();
            OperatorView view(place.connection(), place.data_directory());
            letter(*store, 1);
            letter(*store, 1);
            const auto before = store->outbox().outside_changes().value();
            CHECK(view.retry_all({.platform_code = 2}) == 0);
            CHECK(store->outbox().outside_changes().value() == before);
            CHECK(view.retry_all({.platform_code = 1}) == 2);
            CHECK(store->outbox().outside_changes().value() == before + 1);
        });
    }

    TEST_CASE("a letter of several parts counts once") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto parts = in_parts({"one", "two", "three"});
            const auto stored = enqueue(*store, parts).value();
            delivered(*store, stored[0].seq);
            failed(*store, stored[0].message, "no", 45009);
            OperatorView view(place.connection(), place.data_directory());
            CHECK(view.retry_all({.platform_code = 45009}) == 1);
            CHECK(store->outbox().pending().value().size() == 2);
        });
    }
}

}  // namespace
}  // namespace hermes::test
