// Events that wait for their files.
#include <doctest/doctest.h>

#include "unit/durable/turns_rig.hpp"

namespace hermes::durable {
namespace {

using namespace std::chrono_literals;

TEST_SUITE("state/turns with files") {
    TEST_CASE("an event with files is made ready first, and goes with them once it is") {
        Played played;
        played.start();
        CHECK(played.commit(1, {.has_files = true}).empty());
        REQUIRE(played.made_ready.contains(1));
        CHECK(played.made_ready.at(1).payload == "new");
        played.made_ready.at(1).files.push_back({.path = "/media/1"});
        CHECK(played.ready(1) == Seqs{1});
        REQUIRE(played.events.back().files.size() == 1);
        CHECK(played.events.back().files[0].path == "/media/1");
    }

    TEST_CASE("what comes behind it in its chat waits, other chats go on") {
        Played played;
        played.start();
        played.commit(1, {.has_files = true});
        CHECK(played.commit(2).empty());
        CHECK(played.commit(3, {.has_files = true}).empty());
        CHECK(played.commit(4, {.chat = "b"}) == Seqs{4});
        CHECK_FALSE(played.made_ready.contains(3));  // its turn has not come
        CHECK(played.ready(1) == Seqs{1, 2});
        CHECK(played.made_ready.contains(3));
        CHECK(played.ready(3) == Seqs{3});
        CHECK(played.commit(5) == Seqs{5});
    }

    TEST_CASE("what the host answers at once is not held up") {
        Played played;
        played.start();
        played.commit(1, {.has_files = true});
        CHECK(played.commit(2, {.urgent = true}) == Seqs{2});
        CHECK(played.settle(2).empty());
        CHECK(played.ready(1) == Seqs{1});
    }

    TEST_CASE("after a restart it waits again, and so does what is behind it") {
        Played played;
        played.rows[1] = {.attempts = 1, .has_files = true};
        played.rows[2] = {};
        played.rows[3] = {.chat = "b"};
        played.start();
        CHECK(played.handed == Seqs{3});
        REQUIRE(played.made_ready.contains(1));
        CHECK(played.made_ready.at(1).attempt == 2);
        CHECK(played.ready(1) == Seqs{1, 2});
    }

    TEST_CASE("nothing begins and nothing is charged before it is handed over") {
        Played played;
        played.start();
        played.commit(1, {.has_files = true});
        CHECK(played.charges.empty());
        CHECK(played.turns.stop().empty());
        CHECK(played.ready(1).empty());
    }

    TEST_CASE("one on its last attempt has the host for itself from when it is ready") {
        Played played;
        played.rows[1] = {.attempts = 2, .has_files = true};
        played.rows[2] = {.chat = "b"};
        played.start();
        CHECK(played.handed.empty());
        CHECK(played.after(9s).empty());
        CHECK(played.ready(1) == Seqs{1});
        CHECK(played.after(9s).empty());
        CHECK(played.settle(1) == Seqs{2});
    }

    TEST_CASE("one on its last attempt whose files take too long does not keep the others") {
        Played played;
        played.rows[1] = {.attempts = 2, .has_files = true};
        played.rows[2] = {.chat = "b"};
        played.start();
        CHECK(played.after(10s) == Seqs{2});
        CHECK(played.taken_back.empty());
        CHECK(played.ready(1) == Seqs{1});
    }

    TEST_CASE("one that is settled meanwhile lets its chat go on, and does not come late") {
        Played played;
        played.start();
        played.commit(1, {.has_files = true});
        played.commit(2);
        CHECK(played.settle(1) == Seqs{2});
        CHECK(played.ready(1).empty());
    }

    TEST_CASE("a chat that waits for files counts one event in flight") {
        Played played(TurnLimits{.lanes = {.in_flight = 2, .in_flight_lane = 2, .urgent = 1}});
        played.start();
        played.commit(1, {.has_files = true});
        CHECK(played.commit(2, {.chat = "b"}) == Seqs{2});
        CHECK(played.commit(3, {.chat = "c"}).empty());  // the window of all is full
        CHECK(played.settle(2) == Seqs{3});
    }
}

}  // namespace
}  // namespace hermes::durable
