// No setting of the wall clock makes anything old or late; only running time does.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include "durable/database/write.hpp"
#include "durable/outbox/outbox_rows.hpp"
#include "durable/store/retention.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<durable::Store> open_cleaning(const Place& place) {
    auto options = place.options();
    options.cleaning_interval = 5ms;
    return std::make_unique<durable::Store>(options, place.loop());
}

// One row of every kind, and one that waits for its next attempt.
struct Content {
    durable::PendingPart waits;
    durable::PendingPart tried_again;
};

Content fill(Place& place, durable::Store& store) {
    Host host(store);
    accept(store, event("settled"));
    accept(store, event("dead"));
    accept(store, event("pending"));
    store.inbox().settle(1);
    flush(store);
    place.session() << "update inbox set state = 2, finished_at_ms = received_at_ms,"
                       " finished_run_ms = received_run_ms where seq = 2";
    delivered(store, enqueue(store, message("delivered")).value()[0].seq);
    failed(store, enqueue(store, message("dead")).value()[0].seq, "no");
    enqueue(store, message("pending"));
    const auto tried = enqueue(store, message("tried")).value()[0].seq;
    store.outbox().record_retry({tried, 1, place.clock.steady_now() + 90s, -1, "busy"},
                                [](boost::system::error_code) {});
    flush(store);
    auto pending = store.outbox().pending().value();
    REQUIRE(pending.size() == 2);
    return {std::move(pending[0]), std::move(pending[1])};
}

void check_all_there(Place& place, durable::Store& store) {
    wait_for_a_sweep(place, store);
    CHECK(count(place, "inbox") == 3);
    CHECK(count(place, "outbox") == 4);
    for (const auto* key : {"settled", "dead", "pending"}) {
        CHECK(accept(store, event(key)).value() == durable::Accepted::duplicate);
    }
}

TEST_SUITE("state/wall clock") {
    TEST_CASE("a clock that jumps while the gateway runs ages nothing and moves no deadline") {
        on_each_database([](Place& place) {
            auto store = open_cleaning(place);
            const auto before = fill(place, *store);
            for (const auto jump : {-6h, 31 * 24h, -31 * 24h, 366 * 24h}) {
                place.clock.jump(jump);
                check_all_there(place, *store);
                const auto pending = store->outbox().pending().value();
                REQUIRE(pending.size() == 2);
                CHECK(pending[0].deadline == before.waits.deadline);
                CHECK(pending[0].not_before == before.waits.not_before);
                CHECK(pending[1].deadline == before.tried_again.deadline);
                CHECK(pending[1].not_before == before.tried_again.not_before);
            }
        });
    }

    TEST_CASE("nor does a clock that jumps between two runs") {
        on_each_database([](Place& place) {
            auto store = open_cleaning(place);
            const auto before = fill(place, *store);
            for (const auto jump : {-6h, 31 * 24h, -31 * 24h}) {
                store.reset();
                place.clock.jump(jump);
                store = open_cleaning(place);
                check_all_there(place, *store);
                const auto pending = store->outbox().pending().value();
                REQUIRE(pending.size() == 2);
                CHECK(pending[0].deadline == before.waits.deadline);
                CHECK(pending[1].deadline == before.tried_again.deadline);
                CHECK(pending[1].not_before == before.tried_again.not_before);
            }
        });
    }

    TEST_CASE("time in which no gateway runs does not count") {
        on_each_database([](Place& place) {
            auto store = open_cleaning(place);
            const auto before = fill(place, *store);
            place.clock.advance(1h);
            store.reset();
            place.clock.advance(30 * 24h);  // both clocks
            store = open_cleaning(place);
            check_all_there(place, *store);
            const auto pending = store->outbox().pending().value();
            REQUIRE(pending.size() == 2);
            CHECK(pending[0].deadline == before.waits.deadline + 30 * 24h);
            CHECK(pending[0].deadline == place.clock.steady_now() + 23h);
            CHECK(pending[1].not_before == before.tried_again.not_before + 30 * 24h);
        });
    }

    TEST_CASE("26 hours of running time do: settled and delivered rows go, the others stay") {
        on_each_database([](Place& place) {
            auto store = open_cleaning(place);
            fill(place, *store);
            for (int part = 0; part < 2; ++part) {  // in two runs
                place.clock.advance(13h + 1ms);
                wait_for_a_sweep(place, *store);
                CHECK(count(place, "inbox", "state = 1") == (part == 0 ? 1 : 0));
                CHECK(count(place, "outbox", "state = 1") == (part == 0 ? 1 : 0));
                store.reset();
                store = open_cleaning(place);
            }
            CHECK(count(place, "inbox") == 2);
            CHECK(count(place, "outbox") == 3);
            CHECK(accept(*store, event("settled")).value() == durable::Accepted::stored);
        });
    }

    TEST_CASE("running time is kept once in a while, and does not go back for a visitor") {
        on_each_database([](Place& place) {
            auto store = open_cleaning(place);
            auto visitor = place.open(durable::GatewayKind::visitor);
            place.clock.advance(10h);
            store->stop();
            store.reset();
            CHECK(count(place, "meta", "key = 'running_ms' and value = 36000000") == 1);
            place.session() << "update meta set value = 40000000 where key = 'running_ms'";
            REQUIRE(visitor->try_become_gateway());
            visitor.reset();
            CHECK(count(place, "meta", "key = 'running_ms' and value = 40000000") == 1);
        });
    }

    TEST_CASE("rows from a wrong clock's future at the head of the table don't stop a sweep") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto future_ms = base::to_unix_ms(place.clock.now() + 365 * 24h);
            const auto database = place.raw();
            database->begin();
            for (int row = 0; row < 2 * durable::rows_per_piece; ++row) {
                auto one = event("k" + std::to_string(row));
                const auto seq = durable::insert_event(*database, one, {future_ms, 0}).value();
                durable::settle_event(*database, seq, {future_ms, 0});
            }
            database->commit();
            store.reset();
            store = open_cleaning(place);
            place.clock.advance(26h + 1ms);
            wait_for_a_sweep(place, *store);
            CHECK(count(place, "inbox") == 0);
        });
    }

    TEST_CASE("a letter that was retried does not stop a sweep") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto database = place.raw();
            database->begin();
            for (int row = 0; row < 2 * durable::rows_per_piece + 1; ++row) {
                auto one = message("m" + std::to_string(row));
                const auto parts = durable::insert_parts(*database, one, row + 1, {1, 0});
                durable::mark_delivered(*database, parts[0].seq, "id", "", {1, 0});
            }
            // Retried just now, as the operator's view does it.
            database->session() << "update outbox set state = 0, finished_run_ms = 0,"
                                   " deadline_run_ms = 93600001 + lifetime_ms where seq = 1";
            database->commit();
            store.reset();
            store = open_cleaning(place);
            place.clock.advance(26h + 1ms);
            wait_for_a_sweep(place, *store);
            CHECK(count(place, "outbox") == 1);
        });
    }
}

}  // namespace
}  // namespace hermes::test
