#include "durable/store/retention.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <atomic>

#include "durable/database/write.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

// The manual clock's steady side begins with the first gateway, at 0 of the running time.
std::int64_t running_ms(const Place& place) {
    static const auto start = ManualClock().steady_now();
    return std::chrono::duration_cast<std::chrono::milliseconds>(place.clock.steady_now() - start)
        .count();
}

// As the idle writer does it, until nothing is left to do.
int sweep(Place& place) {
    durable::Retention retention;
    const auto now_ms = running_ms(place);
    const auto database = place.raw();
    int pieces = 0;
    bool more = true;
    while (more) {
        database->begin();
        more = retention.clean(*database, now_ms);
        database->commit();
        ++pieces;
    }
    return pieces;
}

void fill_inbox(Place& place, int rows) {
    const auto database = place.raw();
    auto& sql = database->session();
    const auto now_ms = running_ms(place);
    sql << "begin";
    for (int row = 0; row < rows; ++row) {
        const auto n = std::to_string(row);  // SOCI reads it when the statement's temporary goes
        sql << "insert into inbox(state, received_at_ms, received_run_ms, finished_run_ms,"
               " duplicate_key, account, chat, payload) values (1, 1, :now, :now, 'filled' || :n, "
               "'ww1:1000002', 'ww1:a', '')",
            soci::use(now_ms, "now"), soci::use(n, "n");
    }
    sql << "commit";
}

TEST_SUITE("state/retention") {
    TEST_CASE("a settled event is kept as long as its duplicates are recognised, then removed") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            store->inbox().settle(1);
            flush(*store);
            place.clock.advance(durable::duplicate_memory);
            sweep(place);
            CHECK(accept(*store, event("m1")).value() == durable::Accepted::duplicate);
            place.clock.advance(1ms);
            sweep(place);
            CHECK(count(place, "inbox") == 0);
        });
    }

    TEST_CASE("a pending event is never removed") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            place.clock.advance(24h * 365);
            sweep(place);
            CHECK(count(place, "inbox") == 1);
        });
    }

    TEST_CASE("an old event that was settled just now is kept") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            place.clock.advance(48h);
            store->inbox().settle(1);
            flush(*store);
            sweep(place);
            CHECK(count(place, "inbox") == 1);
        });
    }

    TEST_CASE("delivered parts go after a day, pending ones stay") {
        on_each_database([](Place& place) {
            auto store = place.open();
            delivered(*store, enqueue(*store, message("sent")).value()[0].seq);
            enqueue(*store, message("not sent"));
            place.clock.advance(durable::delivered_memory + 1ms);
            sweep(place);
            CHECK(count(place, "outbox") == 1);
            CHECK(store->outbox().pending().value().size() == 1);
        });
    }

    TEST_CASE("dead letters stay for a month") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            flush(*store);
            place.session() << "update inbox set state = 2, finished_run_ms = "
                            << running_ms(place);
            failed(*store, enqueue(*store, message("unwanted")).value()[0].message, "no");
            place.clock.advance(durable::dead_letter_memory);
            sweep(place);
            CHECK(count(place, "inbox") == 1);
            CHECK(count(place, "outbox") == 1);
            place.clock.advance(1ms);
            sweep(place);
            CHECK(count(place, "inbox") == 0);
            CHECK(count(place, "outbox") == 0);
        });
    }

    TEST_CASE("routes are never removed") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            place.clock.advance(24h * 365);
            sweep(place);
            CHECK(store->routes().last_heard("ww1:zhangsan").value() == hr);
        });
    }

    TEST_CASE("thousands of old rows are removed in small pieces, past those that stay") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("still open"));
            fill_inbox(place, 2'000);
            place.clock.advance(48h);
            accept(*store, event("young"));
            const int pieces = sweep(place);
            CHECK(pieces >= 2'000 / durable::rows_per_piece);
            CHECK(count(place, "inbox") == 2);
        });
    }

    TEST_CASE("a store cleans by itself, and accepts meanwhile without a pause") {
        SqlitePlace place;
        place.open();
        fill_inbox(place, 20'000);
        auto options = place.options();
        options.cleaning_interval = 10ms;
        durable::Store store(options, place.loop());
        place.clock.advance(48h);
        auto longest = std::chrono::steady_clock::duration::zero();
        int accepted = 0;
        while (count(place, "inbox") > accepted) {
            const auto start = std::chrono::steady_clock::now();
            REQUIRE(accept(store, event("m" + std::to_string(++accepted))).has_value());
            longest = std::max(longest, std::chrono::steady_clock::now() - start);
        }
        CHECK(longest < 1s);  // 20 000 rows at once would take longer than a piece of 500 by far
        MESSAGE("20 000 rows removed, meanwhile "
                << accepted << " events accepted, the slowest in "
                << std::chrono::duration_cast<std::chrono::milliseconds>(longest).count() << " ms");
    }
}

}  // namespace
}  // namespace hermes::test
