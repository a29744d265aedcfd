// Events that have one attempt left.
#include <doctest/doctest.h>

#include "unit/durable/turns_rig.hpp"

namespace hermes::durable {
namespace {

using namespace std::chrono_literals;

TEST_SUITE("state/last turns") {
    TEST_CASE("those that have one attempt left go first, each alone until it is settled") {
        Played played(3, 2);
        played.rows[4] = {};
        played.start();
        CHECK(played.handed == Seqs{1});
        CHECK(played.events[0].attempt == 3);
        CHECK(played.wait.until == played.now + 10s);
        CHECK(played.commit(5, {.urgent = true}).empty());
        CHECK(played.settle(1) == Seqs{2});
        CHECK(played.after(9s).empty());
        CHECK(played.settle(2) == Seqs{3});
        CHECK(played.settle(3) == Seqs{5, 4});
        CHECK(played.taken_back.empty());
    }

    TEST_CASE("one that outlives its time is charged again when all had their turn") {
        Played played(2, 2);
        played.start();
        played.begin(1);
        CHECK(played.rows[1].attempts == 3);
        CHECK(played.after(10s) == Seqs{2});
        CHECK(played.rows[1].attempts == 2);
        CHECK(played.begin(1) == Charge::durable);  // the agent works on it
        played.begin(2);
        CHECK(played.rows[2].attempts == 3);
        played.writes = false;
        played.after(10s);
        CHECK(played.taken_back == std::vector<TakeChargeBack>{{1, 3}, {2, 3}});
        CHECK(played.charges ==
              std::vector<std::pair<std::int64_t, int>>{{1, 3}, {2, 3}, {1, 3}, {2, 3}});
        CHECK(played.begin(1) == Charge::being_written);
        CHECK(played.turns.stop().size() == 2);
    }

    TEST_CASE("one that is settled after its time is not charged again") {
        Played played(2, 2);
        played.start();
        played.begin(1);
        played.after(10s);
        played.settle(1);
        played.settle(2);
        CHECK(played.charges == std::vector<std::pair<std::int64_t, int>>{{1, 3}});
    }

    TEST_CASE("one that the agent does not begin with has its time and costs nothing") {
        Played played(2, 2);
        played.start();
        CHECK(played.after(10s) == Seqs{2});
        played.after(10s);
        CHECK(played.taken_back.empty());
        CHECK(played.charges.empty());
        CHECK(played.begin(1) == Charge::being_written);  // late, and beside the others
        CHECK(played.turns.stop() == std::vector<TakeChargeBack>{{1, 3}});
    }

    TEST_CASE("many share the time for all of them") {
        Played played(100, 2);
        played.start();
        CHECK(played.wait.until == played.now + 3s);
        CHECK(played.after(3s) == Seqs{2});
    }

    TEST_CASE("what is gone, finished with or of an unknown account keeps nobody waiting") {
        Played played(4, 2);
        played.rows[1].account = sales;
        played.turns.settle(2);
        played.turns.start({hr});
        played.turns.next(played.now);
        played.turns.last_attempts_read({1, 2, 3, 4});
        played.rows.erase(3);
        CHECK(played.run() == Seqs{4});
        CHECK(played.charges.empty());
    }

    TEST_CASE("one for which there is no window any more waits for its lane") {
        Played played({.lanes = {.in_flight = 4, .in_flight_lane = 1, .urgent = 1}});
        played.rows = {{1, {.attempts = 2}}, {2, {.attempts = 2}}};
        played.start();
        CHECK(played.handed == Seqs{1});
        CHECK(played.after(10s).empty());
        CHECK(played.settle(1) == Seqs{2});
        CHECK(played.events.back().attempt == 3);
    }
}

}  // namespace
}  // namespace hermes::durable
