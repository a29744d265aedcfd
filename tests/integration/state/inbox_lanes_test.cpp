#include "state/inbox_lanes.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

using Entry = InboxLanes::Entry;

constexpr LaneLimits small{.in_flight = 4, .in_flight_lane = 2};

std::vector<std::int64_t> take_all(InboxLanes& lanes) {
    std::vector<std::int64_t> taken;
    while (const auto seq = lanes.next()) {
        taken.push_back(*seq);
        lanes.take_next();
    }
    return taken;
}

TEST_SUITE("state/inbox_lanes") {
    TEST_CASE("a new event of a free lane goes at once and is charged as its oldest") {
        InboxLanes lanes(small);
        CHECK(lanes.enter("hr", "a", 1) == Entry::goes_first);
        CHECK(lanes.enter("hr", "a", 2) == Entry::goes);
        CHECK(lanes.in_flight() == 2);
        CHECK(lanes.account_of(1) == "hr");
    }

    TEST_CASE("the same chat on two accounts is two lanes") {
        InboxLanes lanes(small);
        CHECK(lanes.enter("hr", "a", 1) == Entry::goes_first);
        CHECK(lanes.enter("it", "a", 2) == Entry::goes_first);
    }

    TEST_CASE("beyond the window of its lane an event waits for one of the lane to settle") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 1);
        lanes.enter("hr", "a", 2);
        CHECK(lanes.enter("hr", "a", 3) == Entry::waits);
        CHECK_FALSE(lanes.next());
        lanes.settle(1);
        CHECK(lanes.next() == 3);
        CHECK_FALSE(lanes.take_next());
        CHECK_FALSE(lanes.next());
        CHECK(lanes.waiting() == 0);
    }

    TEST_CASE("behind an event that waits a new one of the lane waits too") {
        InboxLanes lanes(small);
        lanes.add("hr", "a", 1);
        CHECK(lanes.enter("hr", "a", 2) == Entry::waits);
        CHECK(take_all(lanes) == std::vector<std::int64_t>{1, 2});
    }

    TEST_CASE("beyond the window of all lanes events wait for any to settle") {
        InboxLanes lanes(small);
        for (std::int64_t seq = 1; seq <= 4; ++seq) {
            lanes.enter("hr", "chat" + std::to_string(seq), seq);
        }
        CHECK(lanes.enter("hr", "chat5", 5) == Entry::waits);
        CHECK_FALSE(lanes.next());
        lanes.settle(3);
        CHECK(lanes.next() == 5);
    }

    TEST_CASE("lanes take turns, and each keeps its order") {
        InboxLanes lanes({.in_flight = 100, .in_flight_lane = 100});
        for (std::int64_t seq = 1; seq <= 3; ++seq) {
            lanes.add("hr", "a", seq);
        }
        lanes.add("hr", "b", 4);
        lanes.add("hr", "b", 5);
        lanes.add("hr", "c", 6);
        CHECK(take_all(lanes) == std::vector<std::int64_t>{1, 4, 6, 2, 5, 3});
    }

    TEST_CASE("when the oldest is settled the next one in flight becomes the oldest") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 1);
        lanes.enter("hr", "a", 2);
        const auto settled = lanes.settle(1);
        CHECK(settled.was_in_flight);
        CHECK(settled.oldest == 2);
        CHECK(lanes.charged() == std::vector<std::int64_t>{2});
    }

    TEST_CASE("settling a younger one charges nobody") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 1);
        lanes.enter("hr", "a", 2);
        CHECK_FALSE(lanes.settle(2).oldest);
        CHECK(lanes.charged() == std::vector<std::int64_t>{1});
    }

    TEST_CASE("settling twice, or what is not in flight, does nothing") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 1);
        lanes.add("hr", "a", 2);
        CHECK(lanes.settle(1).was_in_flight);
        CHECK_FALSE(lanes.settle(1).was_in_flight);
        CHECK_FALSE(lanes.settle(2).was_in_flight);
        CHECK_FALSE(lanes.settle(77).was_in_flight);
        CHECK(lanes.next() == 2);
    }

    TEST_CASE("a lane that is done with is forgotten and starts afresh") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 1);
        lanes.settle(1);
        CHECK_FALSE(lanes.account_of(1));
        CHECK(lanes.enter("hr", "a", 2) == Entry::goes_first);
    }

    TEST_CASE("an older event that turns up later goes before the younger ones that wait") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 8);
        lanes.enter("hr", "a", 9);
        lanes.enter("hr", "a", 12);
        CHECK(lanes.add("hr", "a", 5));
        lanes.settle(8);
        CHECK(lanes.next() == 5);
    }

    TEST_CASE("an event is taken in once") {
        InboxLanes lanes(small);
        lanes.enter("hr", "a", 1);
        CHECK_FALSE(lanes.add("hr", "a", 1));
        CHECK(lanes.add("hr", "b", 2));
        CHECK_FALSE(lanes.add("hr", "b", 2));
        CHECK(lanes.waiting() == 1);
    }

    TEST_CASE("an event that is not pending any more is dropped and its lane goes on") {
        InboxLanes lanes(small);
        lanes.add("hr", "a", 1);
        lanes.add("hr", "a", 2);
        CHECK(lanes.next() == 1);
        lanes.drop_next();
        CHECK(lanes.next() == 2);
        lanes.drop_next();
        CHECK_FALSE(lanes.next());
        CHECK(lanes.enter("hr", "a", 3) == Entry::goes_first);
    }

    TEST_CASE("a lane of thousands is worked off in order") {
        InboxLanes lanes({.in_flight = 1024, .in_flight_lane = 32});
        for (std::int64_t seq = 1; seq <= 5'000; ++seq) {
            lanes.add("hr", "a", seq);
        }
        std::int64_t settled = 0;
        while (settled < 5'000) {
            while (lanes.next()) {
                lanes.take_next();
            }
            REQUIRE(lanes.settle(settled + 1).was_in_flight);
            ++settled;
        }
        CHECK(lanes.waiting() == 0);
        CHECK(lanes.in_flight() == 0);
    }
}

}  // namespace
}  // namespace hermes::wecom
