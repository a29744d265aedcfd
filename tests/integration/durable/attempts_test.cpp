// An attempt is what the agent begins: charged durably before it, taken back by a clean stop.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>

#include "durable/inbox/handover.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

TEST_SUITE("state/attempts") {
    TEST_CASE("handing over writes nothing: an event is charged when the agent begins with it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            accept(*store, event("m2"));
            const auto first = host.next();
            const auto second = host.next();
            REQUIRE(first);
            REQUIRE(second);
            flush(*store);
            CHECK(count(place, "inbox", "attempts = 0 and begun_in = 0") == 2);
            // Whichever it is, and durably before begin() returns.
            CHECK(store->inbox().begin(second->seq));
            CHECK(event_row(place, second->seq).attempts == 1);
            CHECK(event_row(place, first->seq).attempts == 0);
            store->inbox().settle(second->seq);
            flush(*store);
            CHECK(event_row(place, first->seq).attempts == 0);
        });
    }

    TEST_CASE("an event that is begun twice in one run is charged once") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            const auto handed = host.next();
            REQUIRE(handed);
            auto other =
                std::async(std::launch::async, [&] { return store->inbox().begin(handed->seq); });
            CHECK(store->inbox().begin(handed->seq));
            CHECK(other.get());
            CHECK(store->inbox().begin(handed->seq));
            CHECK(event_row(place, handed->seq).attempts == 1);
        });
    }

    TEST_CASE(
        "what is unknown, settled or not handed over yet can't be begun, nor can any after stop") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            for (std::size_t i = 0; i <= durable::in_flight_lane_max; ++i) {
                accept(*store, event("m" + std::to_string(i)));
            }
            const auto first = host.next();
            const auto second = host.next();
            REQUIRE(second);
            const auto waits = static_cast<std::int64_t>(durable::in_flight_lane_max) + 1;
            CHECK_FALSE(store->inbox().begin(waits));
            CHECK_FALSE(store->inbox().begin(4711));
            store->inbox().settle(first->seq);
            CHECK_FALSE(store->inbox().begin(first->seq));
            store->inbox().stop();
            CHECK_FALSE(store->inbox().begin(second->seq));
            store.reset();
            CHECK(count(place, "inbox", "attempts > 0") == 0);
        });
    }

    TEST_CASE("a clean stop does not count as an attempt, but the event was begun before") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            for (int round = 0; round < 5; ++round) {
                Host host(*store);
                const auto begun = host.begin_next();
                CHECK(begun.attempt == 1);
                CHECK(begun.redelivered == (round > 0));
                CHECK(event_row(place, 1).attempts == 1);
                store.reset();
                store = place.open();
            }
            CHECK(event_row(place, 1).attempts == 0);
        });
    }

    TEST_CASE("an event that was handed over but not begun is handed over as new") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            for (int round = 0; round < 5; ++round) {
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

    TEST_CASE("an event that three runs of the agent did not survive is set aside") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("poison"));
            accept(*store, event("behind it"));
            for (int attempt = 1; attempt <= 3; ++attempt) {
                Host host(*store);
                const auto begun = host.begin_next();
                CHECK(begun.payload == event("poison").payload);
                CHECK(begun.attempt == attempt);
                CHECK(begun.redelivered == (attempt > 1));
                REQUIRE(host.next());
                end_without_stop(store, place);
                store = place.open();
            }
            store.reset();
            Mailbox<durable::DeadEvent> dead;
            auto options = place.options();
            options.on_dead_event = [&](const durable::DeadEvent& event) { dead.put(event); };
            store = std::make_unique<durable::Store>(options, place.loop());
            Host host(*store);
            const auto set_aside = dead.take();
            REQUIRE(set_aside);
            CHECK(set_aside->seq == 1);
            CHECK(set_aside->account == hr);
            CHECK(set_aside->chat == "ww1:zhangsan");
            CHECK(set_aside->attempts == 3);
            CHECK(set_aside->reason ==
                  "the agent began with it 3 times and the gateway ended each time");
            CHECK(event_row(place, 1).state == 2);
            CHECK(event_row(place, 1).payload == event("poison").payload);
            const auto next = host.next();
            REQUIRE(next);
            CHECK(next->payload == event("behind it").payload);
            CHECK(next->attempt == 1);
        });
    }

    TEST_CASE("an event that is set aside is told of once, however often the rows are looked at") {
        SqlitePlace place;
        place.open();
        place.session() << "insert into inbox(received_at_ms, duplicate_key, account, chat,"
                           " payload, attempts) values (1, 'k', '"
                        << hr << "', 'ww1:a', 'x', 3)";
        Mailbox<durable::DeadEvent> dead;
        auto options = place.options();
        options.on_dead_event = [&](const durable::DeadEvent& event) { dead.put(event); };
        durable::Store store(options, place.loop());
        auto locked = std::make_unique<Locked>(place);  // the row can't change meanwhile
        Host host(store);
        for (int i = 0; i < 20; ++i) {
            store.inbox().reload();
            CHECK(event_row(place, 1).state == 0);
        }
        locked.reset();
        CHECK(dead.take());
        flush(store);
        store.stop();
        CHECK(dead.size() == 0);
    }

    TEST_CASE("only what the agent began with is charged, not what waited in the host for it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            for (const auto* user : {"u1", "u2", "u3"}) {
                accept(*store, event(user, user));
            }
            for (int run = 1; run <= 3; ++run) {  // an agent that does one thing at a time
                Host host(*store);
                REQUIRE(host.begin_next().chat == "ww1:u1");
                REQUIRE(host.next());
                REQUIRE(host.next());
                end_without_stop(store, place);
                store = place.open();
            }
            Host host(*store);
            for (const auto* user : {"u2", "u3"}) {
                const auto handed = host.next();
                REQUIRE(handed);
                CHECK(handed->payload == event(user).payload);
                CHECK(handed->attempt == 1);
                CHECK_FALSE(handed->redelivered);
            }
            flush(*store);
            CHECK(event_row(place, 1).state == 2);
            CHECK(count(place, "inbox", "state = 2") == 1);
        });
    }

    TEST_CASE("begin waits for a database that can't write, and a stop releases it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            const auto handed = host.next();
            REQUIRE(handed);
            {
                const Locked locked(place);
                auto begun = std::async(std::launch::async,
                                        [&] { return store->inbox().begin(handed->seq); });
                CHECK(begun.wait_for(4s) == std::future_status::timeout);
                const auto start = std::chrono::steady_clock::now();
                store->inbox().stop();
                CHECK_FALSE(begun.get());
                CHECK(std::chrono::steady_clock::now() - start < 1s);
            }
            store->stop();
            CHECK(event_row(place, handed->seq).attempts == 0);
        });
    }

    TEST_CASE("begin goes on when the database can write again") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            const auto handed = host.next();
            REQUIRE(handed);
            std::future<bool> begun;
            {
                const Locked locked(place);
                begun = std::async(std::launch::async,
                                   [&] { return store->inbox().begin(handed->seq); });
                CHECK(begun.wait_for(1500ms) == std::future_status::timeout);
            }
            CHECK(begun.get());
            CHECK(event_row(place, handed->seq).attempts == 1);
        });
    }

    TEST_CASE("a stop while the agent begins takes that charge back too") {
        SqlitePlace place;
        auto store = place.open();
        accept(*store, event("m1"));
        for (int round = 0; round < 30; ++round) {
            Host host(*store);
            const auto handed = host.next();
            REQUIRE(handed);
            auto begun =
                std::async(std::launch::async, [&] { return store->inbox().begin(handed->seq); });
            store->stop();
            begun.get();
            store.reset();
            REQUIRE(event_row(place, 1).attempts == 0);
            store = place.open();
        }
    }

    // The host has settled the event, and the writer has stopped before it was told to write that.
    TEST_CASE("a stop takes back the charge of an event that is just being settled") {
        SqlitePlace place;
        place.open();
        {
            const auto database = place.raw();
            durable::insert_event(*database, event("m1"), {1, 1});
        }
        const durable::RowClock clock(place.clock.clock(), 0, place.clock.steady_clock());
        const std::atomic<std::int64_t> run{1};
        const base::Log log([](base::Severity, std::string_view) {});
        durable::Reader reader(durable::parse_location("", place.data_directory()));
        durable::Reads reads(reader, place.loop());
        durable::GroupCommit writer(place.raw(), place.loop(), [](const durable::StoreHealth&) {});
        durable::Handover handover(place.loop(), reads, writer, clock, run, log, {20ms, {}});
        Mailbox<std::int64_t> handed;
        handover.start({hr},
                       {[&](const durable::StoredEvent& given) { handed.put(given.seq); }, {}});
        REQUIRE(handed.take() == 1);
        REQUIRE(handover.begin(1));
        handover.settle(1);
        CHECK(handover.stop() == std::vector<durable::TakeChargeBack>{{1, 1}});
        reads.stop();
        reads.join();
        writer.stop();
        run_out(place.loop());  // what was posted there is the hand-over's, which ends first here
    }

    TEST_CASE("a gateway that has lost a chat, and does not know of it yet, sets nothing aside") {
        PostgresPlace place;
        place.open();
        auto database = place.raw();
        durable::insert_event(*database, event("m1"), {1, 1});
        database->session() << "update inbox set attempts = 3";  // the last one goes on elsewhere
        database->session() << "update shards set run = 2";
        REQUIRE_FALSE(database->become_gateway(durable::GatewayKind::gateway));
        const durable::RowClock clock(place.clock.clock(), 0, place.clock.steady_clock());
        const std::atomic<std::int64_t> run{1};
        const base::Log log([](base::Severity, std::string_view) {});
        Mailbox<std::size_t> commits;
        Mailbox<std::int64_t> dead;
        durable::Reader reader(durable::parse_location(place.connection(), place.data_directory()));
        durable::Reads reads(reader, place.loop());
        durable::GroupCommit writer(
            std::move(database), place.loop(), [](const durable::StoreHealth&) {}, {}, {},
            [&](std::size_t writes, auto) { commits.put(writes); });
        durable::Handover handover(
            place.loop(), reads, writer, clock, run, log,
            {20ms, [&](const durable::DeadEvent& told) { dead.put(told.seq); }});
        handover.start({hr}, {[](const durable::StoredEvent&) {}, {}});
        CHECK(commits.take() == 1);
        CHECK(event_row(place, 1).state == 0);
        place.session() << "update shards set run = 1";  // it has the chat again
        handover.reload();
        CHECK(dead.take() == 1);
        CHECK(event_row(place, 1).state == 2);
        handover.stop();
        reads.stop();
        reads.join();
        writer.stop();
        run_out(place.loop());
        CHECK(dead.size() == 0);
    }
}

}  // namespace
}  // namespace hermes::test
