#include "durable/inbox/turns.hpp"

#include <doctest/doctest.h>

#include "unit/durable/turns_rig.hpp"

namespace hermes::durable {
namespace {

using namespace std::chrono_literals;

TEST_SUITE("state/turns") {
    TEST_CASE("nothing is read before the start, and nothing that comes by then is lost") {
        Played played;
        CHECK(played.commit(1).empty());
        CHECK(played.reads.empty());
        played.start();
        CHECK(played.handed == Seqs{1});
    }

    TEST_CASE("the backlog is read page by page, and each event when its turn comes") {
        Played played(5, 0, {.page_rows = 2});
        played.start();
        CHECK(played.handed == Seqs{1, 2, 3, 4, 5});
        CHECK(played.reads == "lpeepeepe");
        CHECK(played.events.front().payload == "read");
        CHECK_FALSE(played.wait.until);
    }

    TEST_CASE("pages go on while the host takes what is known") {
        Played played(8, 0, {.page_rows = 4, .hand_overs_between_pages = 2});
        played.start();
        CHECK(played.handed == Seqs{1, 2, 3, 4, 5, 6, 7, 8});
        CHECK(played.reads == "lpeepeepeeee");
    }

    TEST_CASE("when all is loaded a new event goes from memory, at its first attempt") {
        Played played;
        played.start();
        const auto before = played.reads;
        CHECK(played.commit(1) == Seqs{1});
        CHECK(played.reads == before);
        CHECK(played.events.front().payload == "new");
        CHECK(played.events.front().attempt == 1);
        CHECK(played.events.front().account == hr);
    }

    TEST_CASE("what is committed while a page is read is found on the next and goes once") {
        Played played;
        played.turns.start({hr});
        CHECK(std::holds_alternative<ReadLastAttempts>(played.turns.next(played.now)));
        played.turns.last_attempts_read({});
        CHECK(std::holds_alternative<ReadPage>(played.turns.next(played.now)));
        played.commit(1);  // after the rows have been looked at
        CHECK(played.handed.empty());
        played.turns.page_read({});
        CHECK(played.run() == Seqs{1});
        CHECK(played.commit(2) == Seqs{2});
        CHECK(played.events.back().payload == "new");
    }

    TEST_CASE("an event waits for a window, and is read when one opens") {
        Played played({.lanes = {.in_flight = 4, .in_flight_lane = 1, .urgent = 1}});
        played.start();
        CHECK(played.commit(1) == Seqs{1});
        CHECK(played.commit(2).empty());
        CHECK(played.commit(3, {.urgent = true}) == Seqs{3});
        CHECK(played.settle(1) == Seqs{2});
        CHECK(played.events.back().payload == "read");
    }

    TEST_CASE("what was read in vain is dropped, and its lane goes on") {
        Played played;
        played.rows = {{1, {}}, {2, {}}};
        played.turns.start({hr});
        played.turns.next(played.now);
        played.turns.last_attempts_read({});
        played.turns.next(played.now);
        played.turns.page_read({{1, hr, "a", 0, false}, {2, hr, "a", 0, false}});
        played.rows.erase(1);  // somebody has dropped it
        CHECK(played.run() == Seqs{2});
    }

    TEST_CASE("an urgent event that comes while another one is read goes first") {
        Played played({.lanes = {.in_flight = 4, .in_flight_lane = 1, .urgent = 1}});
        played.start();
        played.commit(1, {.urgent = true});
        played.commit(2, {.urgent = true});  // waits
        played.commit(3);
        played.commit(4);  // waits
        played.turns.settle(3);
        CHECK(std::get<ReadEvent>(played.turns.next(played.now)).seq == 4);
        played.turns.settle(1);
        played.turns.event_read(StoredEvent{4, hr, "a", "read", 1, false}, played.now);
        CHECK(played.run() == Seqs{2, 4});
    }

    TEST_CASE("what can't be read is asked for again a second later") {
        for (const std::string what : {"last", "page", "event"}) {
            Played played(1, what == "last" ? 2 : 0);
            played.failing = what;
            played.start();
            CHECK(played.handed.empty());
            CHECK(played.wait.until == played.now + 1s);
            CHECK(played.after(999ms).empty());
            const auto asked = played.reads.size();
            played.failing.reset();
            CHECK(played.run().empty());
            CHECK(played.reads.size() == asked);
            CHECK(played.after(1ms) == Seqs{1});
        }
    }

    TEST_CASE("news end the wait for another read") {
        Played played(1, 0);
        played.failing = "page";
        played.start();
        played.failing.reset();
        played.turns.reload();
        CHECK(played.run() == Seqs{1});
    }

    TEST_CASE("a look for changed rows begins anew, and brings nothing twice") {
        Played played(3, 0);
        played.start();
        played.settle(2);
        played.rows[1'000] = {};
        played.rows[2] = {.chat = "user2"};  // put back by another process
        played.turns.reload();
        CHECK(played.run() == Seqs{2, 1'000});
        // One that comes during a page makes that page worthless.
        played.rows[4] = {};
        played.turns.reload();
        CHECK(std::get<ReadPage>(played.turns.next(played.now)).after == 0);
        played.turns.reload();
        played.turns.page_read({});
        CHECK(played.run() == Seqs{4});
    }

    TEST_CASE("what has waited for an account has its turn once that is configured") {
        Played played;
        played.rows = {{1, {}}, {2, {.account = sales}}, {3, {.account = sales}}};
        played.start();
        CHECK(played.handed == Seqs{1});
        played.turns.configure({hr, sales});
        CHECK(played.run() == Seqs{2, 3});
        CHECK(played.commit(4, {.account = sales}) == Seqs{4});
    }

    TEST_CASE("events of an account that is configured no more wait, which is told again") {
        Played played({.lanes = {.in_flight = 4, .in_flight_lane = 1, .urgent = 1}});
        played.start();
        CHECK(played.commit(1) == Seqs{1});
        CHECK(played.commit(2).empty());  // behind it
        played.turns.configure({sales});
        CHECK(played.run().empty());
        CHECK(played.begin(1) != Charge::none);  // the host has it: it may finish
        CHECK(played.settle(1).empty());
        CHECK(played.commit(3).empty());
        CHECK(played.unknown == std::vector{hr});
        played.turns.configure({hr});
        CHECK(played.run() == Seqs{2});
        CHECK(played.settle(2) == Seqs{3});
        CHECK(played.settle(3).empty());
        played.turns.configure({sales});
        CHECK(played.commit(4).empty());
        CHECK(played.unknown == std::vector{hr, hr});
    }

    TEST_CASE("events of an account that is not configured wait, and that is told once") {
        Played played;
        played.rows = {{1, {.account = sales}}, {2, {.account = sales}}, {3, {}}};
        played.start();
        played.turns.reload();
        played.run();
        CHECK(played.handed == Seqs{3});
        CHECK(played.unknown == std::vector{sales});
    }

    TEST_CASE("an attempt is charged when the agent begins, once, and counts when it is written") {
        Played played;
        played.start();
        played.commit(1);
        CHECK(played.charges.empty());
        played.writes = false;
        CHECK(played.begin(1) == Charge::being_written);
        CHECK(played.begin(1) == Charge::being_written);
        played.turns.charged(1, Charge::durable);
        CHECK(played.begin(1) == Charge::durable);
        CHECK(played.charges == std::vector<std::pair<std::int64_t, int>>{{1, 1}});
    }

    TEST_CASE("only what is in flight can be begun") {
        Played played({.lanes = {.in_flight = 4, .in_flight_lane = 1, .urgent = 1}});
        played.start();
        played.commit(1);
        played.commit(2);
        CHECK(played.begin(2) == Charge::none);
        CHECK(played.begin(4711) == Charge::none);
        played.turns.settle(1);
        CHECK(played.begin(1) == Charge::none);
        played.turns.charged(1, Charge::durable);  // comes too late
        CHECK(played.charges.empty());
    }

    TEST_CASE("an event that has had all its attempts is set aside, but not under the host") {
        Played played;
        played.rows = {{1, {.attempts = 3}}, {2, {.attempts = 2}}};
        played.start();
        REQUIRE(played.handed == Seqs{2});
        CHECK(played.begin(2) == Charge::being_written);
        played.after(1h);
        REQUIRE(played.aside.size() == 1);
        CHECK(played.aside[0].seq == 1);
        CHECK(played.aside[0].account == hr);
        CHECK(played.aside[0].chat == "a");
        CHECK(played.aside[0].attempts == 3);
        CHECK(played.aside[0].reason ==
              "the agent began with it 3 times and the gateway ended each time");
        CHECK(played.rows[2].attempts == 3);
        played.rows.erase(1);
        played.turns.reload();
        CHECK(played.run().empty());
        CHECK(played.aside.size() == 1);
    }

    TEST_CASE(
        "an event that the host has finished with does not come back before its row says so") {
        Played played;
        played.start();
        played.commit(1);
        played.turns.settle(1);
        played.turns.reload();  // the row is still pending
        CHECK(played.run().empty());
        // Also not one that has never been handed over.
        played.rows[2] = {};
        played.turns.settle(2);
        played.turns.reload();
        CHECK(played.run().empty());
        played.rows.clear();
        played.turns.settled(1);
        played.turns.settled(2);
        played.turns.reload();
        CHECK(played.run().empty());
        CHECK(played.commit(3) == Seqs{3});
    }

    TEST_CASE("a stop takes back what was charged, also of what is just being settled") {
        Played played;
        played.start();
        for (std::int64_t seq = 1; seq <= 5; ++seq) {
            played.commit(seq);
        }
        played.begin(1);  // finished with, but the writer may stop before it has written that
        played.turns.settle(1);
        played.turns.settle(2);  // never begun
        played.begin(3);
        played.settle(3);
        played.writes = false;
        played.begin(4);
        CHECK(played.turns.stop() == std::vector<TakeChargeBack>{{4, 1}, {1, 1}});
        CHECK(played.begin(5) == Charge::none);
        CHECK(played.begin(4) == Charge::none);
        CHECK(played.commit(6).empty());
        CHECK_FALSE(played.wait.until);
    }
}

}  // namespace
}  // namespace hermes::durable
