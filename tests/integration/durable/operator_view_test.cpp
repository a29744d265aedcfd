#include "durable/operator/operator_view.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::OperatorView;

std::unique_ptr<OperatorView> view(Place& place) {
    return std::make_unique<OperatorView>(place.connection(), place.data_directory());
}

void set_first_event_aside(Place& place) {
    const auto now_ms = base::to_unix_ms(place.clock.now());
    place.session() << "update inbox set state = 2, attempts = 3, finished_at_ms = :now,"
                       " reason = 'was given to the agent 3 times' where seq = 1",
        soci::use(now_ms);
}

TEST_SUITE("state/operator_view") {
    TEST_CASE("counts tell what is pending, in flight, retrying and dead, and how old it is") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto start = place.clock.now();
            accept(*store, event("dead"));
            set_first_event_aside(place);
            place.clock.advance(5s);
            accept(*store, event("m1"));
            accept(*store, event("handed over, not begun"));
            Host host(*store);
            host.begin_next();
            REQUIRE(host.next());
            const auto sent = enqueue(*store, message("sent")).value();
            delivered(*store, sent[0].seq);
            enqueue(*store, message("waits"));
            const auto retried = enqueue(*store, message("tried")).value();
            store->outbox().record_retry(
                {retried[0].seq, 1, place.clock.steady_now(), 45009, "busy"}, [](auto) {});
            const auto parts = in_parts({"one", "two"});
            failed(*store, enqueue(*store, parts).value()[0].message, "no");
            place.clock.advance(5s);

            const auto overview = view(place)->summary();
            CHECK(overview.location == store->location());
            CHECK(place.raw()->gateway_runs());
            CHECK(overview.inbox.pending == 1);
            CHECK(overview.inbox.in_flight == 1);
            CHECK(overview.inbox.retrying == 0);
            CHECK(overview.inbox.dead == 1);
            CHECK(overview.inbox.oldest == start + 5s);
            CHECK(overview.outbox.pending == 1);
            CHECK(overview.outbox.in_flight == 0);
            CHECK(overview.outbox.retrying == 1);
            CHECK(overview.outbox.dead == 1);
            CHECK(overview.outbox.oldest == start + 5s);
        });
    }

    TEST_CASE("without a gateway nothing is in flight") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            {
                Host host(*store);
                host.begin_next();
                store.reset();
            }
            const auto overview = view(place)->summary();
            CHECK_FALSE(place.raw()->gateway_runs());
            CHECK(overview.inbox.in_flight == 0);
            CHECK(overview.inbox.pending == 1);
        });
    }

    TEST_CASE("an empty store has nothing to show") {
        on_each_database([](Place& place) {
            place.open();
            const auto overview = view(place)->summary();
            CHECK(overview.inbox.pending == 0);
            CHECK_FALSE(overview.inbox.oldest);
            CHECK_FALSE(overview.outbox.oldest);
            CHECK(view(place)->dead_letters(10).empty());
        });
    }

    TEST_CASE("dead letters are listed with all that is known of them, events first") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto start = place.clock.now();
            accept(*store, event("m1", "zhangsan", hr));
            set_first_event_aside(place);
            place.clock.advance(5s);
            auto parts = message("", "lisi", it);
            parts.parts = {{"one", "1"}, {"two", "2"}, {"three", "3"}};
            const auto stored = enqueue(*store, parts).value();
            delivered(*store, stored[0].seq);
            failed(*store, stored[0].message, "81013: no such member", 81013);

            const auto letters = view(place)->dead_letters(10);
            REQUIRE(letters.size() == 2);
            CHECK(letters[0].id == "in-1");
            CHECK(letters[0].side == StateSide::inbox);
            CHECK(letters[0].account == hr);
            CHECK(letters[0].chat.value == "ww1:zhangsan");
            CHECK(letters[0].attempts == 3);
            CHECK(letters[0].created_at == start);
            CHECK(letters[0].reason == "was given to the agent 3 times");
            CHECK(letters[0].content == event("m1").payload);
            CHECK(letters[1].id == "out-" + std::to_string(stored[0].message));
            CHECK(letters[1].side == StateSide::outbox);
            CHECK(letters[1].account == it);
            CHECK(letters[1].chat.value == "ww1:lisi");
            CHECK(letters[1].created_at == start + 5s);
            CHECK(letters[1].reason == "81013: no such member");
            CHECK(letters[1].platform_code == 81013);
            CHECK(letters[1].content == "two\nthree");
            CHECK(letters[1].preview == "2");
            CHECK(letters[0].preview == letters[0].content);
            CHECK(view(place)->dead_letters(1).size() == 1);
            CHECK(view(place)->dead_letter(letters[1].id)->content == letters[1].content);
        });
    }

    TEST_CASE("a dead event that is retried is handed over by the gateway that runs") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            set_first_event_aside(place);
            Host host(*store);
            accept(*store, event("m2"));
            REQUIRE(host.next()->payload == event("m2").payload);
            const auto before = store->outbox().outside_changes().value();
            CHECK(view(place)->retry("in-1"));
            CHECK_FALSE(view(place)->retry("in-1"));
            CHECK(store->outbox().outside_changes().value() != before);
            store->inbox().reload();
            const auto handed = host.next();
            REQUIRE(handed);
            CHECK(handed->payload == event("m1").payload);
            CHECK(handed->attempt == 1);
        });
    }

    TEST_CASE("looking again does not hand over what the host has or has settled") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            for (int i = 0; i < 50; ++i) {
                accept(*store, event("m" + std::to_string(i), "user" + std::to_string(i)));
                const auto handed = host.next();
                REQUIRE(handed);
                if (i % 2 == 0) {
                    store->inbox().settle(handed->seq);
                }
                store->inbox().reload();
            }
            accept(*store, event("last", "somebody"));
            CHECK(host.next()->chat == "ww1:somebody");
            store->stop();
            CHECK(host.idle());
        });
    }

    TEST_CASE("a dead message that is retried is pending again as if it had never been tried") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto parts = in_parts({"one", "two"});
            parts.lifetime = 24h;
            const auto stored = enqueue(*store, parts).value();
            failed(*store, stored[0].message, "deadline");
            place.clock.advance(48h);
            const auto id = "out-" + std::to_string(stored[0].message);
            CHECK(view(place)->retry(id));
            CHECK_FALSE(view(place)->retry(id));
            const auto pending = store->outbox().pending().value();
            REQUIRE(pending.size() == 2);
            const auto part = store->outbox().load(stored[1].seq).value();
            REQUIRE(part);
            CHECK(part->attempts == 0);
            CHECK(part->reason.empty());
            CHECK(part->payload == "two");
        });
    }

    TEST_CASE("a dropped letter is gone, and its callback is still a duplicate") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            set_first_event_aside(place);
            const auto stored = enqueue(*store, message("unwanted")).value();
            failed(*store, stored[0].message, "no");
            CHECK(view(place)->drop("in-1"));
            CHECK(view(place)->drop("out-" + std::to_string(stored[0].message)));
            CHECK_FALSE(view(place)->drop("in-1"));
            CHECK(view(place)->dead_letters(10).empty());
            CHECK(accept(*store, event("m1")).value() == durable::Accepted::duplicate);
        });
    }

    TEST_CASE("what is no dead letter can't be shown, retried or dropped") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            enqueue(*store, message("hello"));
            for (const auto* id : {"in-1", "out-1", "in-99", "in-", "in-1x", "1", "", "up-1",
                                   "in-99999999999999999999"}) {
                CHECK_FALSE(view(place)->dead_letter(id));
                CHECK_FALSE(view(place)->retry(id));
                CHECK_FALSE(view(place)->drop(id));
            }
        });
    }

    TEST_CASE("where no gateway has run there is nothing to look at, and nothing is created") {
        TempDirectory directory;
        const auto file = (directory.path() / "messages.db").string();
        CHECK_THROWS_WITH_AS(
            OperatorView("", directory.path().string()),
            ("there is no state file " + file + ": no gateway has run with this configuration yet")
                .c_str(),
            durable::StoreOpenError);
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

}  // namespace
}  // namespace hermes::test
