#include "state/retention.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <atomic>
#include <thread>

#include "integration/state/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

int count(Place& place, const std::string& table) {
    int rows = 0;
    place.raw()->session() << "select count(*) from " << table, soci::into(rows);
    return rows;
}

// As the idle writer does it, until nothing is left to do.
int sweep(Place& place) {
    // A store that has been open all the time has run for as long as the clock has.
    const auto running_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                place.clock.steady_now() - ManualClock().steady_now())
                                .count();
    wecom::Retention retention;
    const auto database = place.raw();
    int pieces = 0;
    bool more = true;
    while (more) {
        database->begin();
        more = retention.clean(*database, running_ms);
        database->commit();
        ++pieces;
    }
    return pieces;
}

void fill_inbox(Place& place, int rows) {
    const auto database = place.raw();
    auto& sql = database->session();
    sql << "begin";
    for (int row = 0; row < rows; ++row) {
        const auto n = std::to_string(row);  // SOCI reads it when the statement's temporary goes
        sql << "insert into inbox(state, received_at_ms, finished_run_ms, duplicate_key, account,"
               " chat, xml) values (1, 1, 1, 'filled' || :n, 'ww1:1000002', 'ww1:a', '')",
            soci::use(n, "n");
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
            place.clock.advance(wecom::duplicate_memory);
            sweep(place);
            CHECK(accept(*store, event("m1")).value() == wecom::Accepted::duplicate);
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
            place.clock.advance(wecom::delivered_memory + 1ms);
            sweep(place);
            CHECK(count(place, "outbox") == 1);
            CHECK(store->outbox().pending().size() == 1);
        });
    }

    TEST_CASE("dead letters stay for a month") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            flush(*store);
            place.raw()->session() << "update inbox set state = 2";
            failed(*store, enqueue(*store, message("unwanted")).value()[0].message, "no");
            place.clock.advance(wecom::dead_letter_memory);
            sweep(place);
            CHECK(count(place, "inbox") == 1);
            CHECK(count(place, "outbox") == 1);
            place.clock.advance(1ms);
            sweep(place);
            CHECK(count(place, "inbox") == 0);
            CHECK(count(place, "outbox") == 0);
        });
    }

    TEST_CASE("no setting of the wall clock removes anything, also by the store's own cleaning") {
        on_each_database([](Place& place) {
            auto options = place.options();
            options.cleaning_interval = 5ms;
            auto store = std::make_unique<wecom::Store>(options);
            accept(*store, event("settled"));
            store->inbox().settle(1);
            delivered(*store, enqueue(*store, message("sent")).value()[0].seq);
            failed(*store, enqueue(*store, message("unwanted")).value()[0].message, "no");
            for (const auto jump : {31 * 24h, -62 * 24h, 31 * 24h}) {
                place.clock.jump(jump);
                flush(*store);
                sweep(place);
                store.reset();
                store = std::make_unique<wecom::Store>(options);
                CHECK(count(place, "inbox") == 1);
                CHECK(count(place, "outbox") == 2);
                CHECK(accept(*store, event("settled")).value() == wecom::Accepted::duplicate);
            }
        });
    }

    TEST_CASE("rows that a wrong clock has dated ahead do not keep those behind them") {
        on_each_database([](Place& place) {
            auto store = place.open();
            place.clock.jump(1000 * 24h);
            accept(*store, event("dated ahead"));
            store->inbox().settle(1);
            place.clock.jump(-1000 * 24h);
            for (int n = 0; n < 3; ++n) {
                accept(*store, event("m" + std::to_string(n)));
                store->inbox().settle(n + 2);
            }
            flush(*store);
            place.clock.advance(48h);
            sweep(place);
            CHECK(count(place, "inbox") == 0);
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
            CHECK(pieces >= 2'000 / wecom::rows_per_piece);
            CHECK(count(place, "inbox") == 2);
        });
    }

    TEST_CASE("a store cleans by itself, and accepts meanwhile without a pause") {
        SqlitePlace place;
        {
            const auto earlier = place.open();
            fill_inbox(place, 20'000);
            place.clock.advance(48h);
        }
        auto options = place.options();
        options.cleaning_interval = 10ms;
        wecom::Store store(options);
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
