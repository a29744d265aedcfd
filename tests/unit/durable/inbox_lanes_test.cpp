#include "durable/inbox/inbox_lanes.hpp"

#include <doctest/doctest.h>

namespace hermes::durable {
namespace {

const std::string account = "ww1:1000002";
const std::string it = "ww1:1000003";
constexpr auto ordinary = Urgency::ordinary;
constexpr auto urgent = Urgency::urgent;
constexpr LaneLimits small{.in_flight = 4, .in_flight_lane = 2, .urgent = 2};

std::vector<std::int64_t> take_all(InboxLanes& lanes) {
    std::vector<std::int64_t> taken;
    while (const auto seq = lanes.next()) {
        taken.push_back(*seq);
        lanes.take_next(1);
    }
    return taken;
}

TEST_SUITE("state/inbox_lanes") {
    TEST_CASE("a new event of a free lane goes at once, at its first attempt and not charged") {
        InboxLanes lanes(small);
        CHECK(lanes.enter(account, "a", 1, ordinary));
        CHECK(lanes.enter(account, "a", 2, ordinary));
        CHECK(lanes.in_flight() == 2);
        REQUIRE(lanes.in_flight(1));
        CHECK(lanes.in_flight(1)->attempt == 1);
        CHECK(lanes.in_flight(1)->charge == Charge::none);
        CHECK(lanes.charged().empty());
    }

    TEST_CASE("the same chat on two accounts is two lanes") {
        InboxLanes lanes({.in_flight = 4, .in_flight_lane = 1, .urgent = 0});
        CHECK(lanes.enter(account, "a", 1, ordinary));
        CHECK(lanes.enter(it, "a", 2, ordinary));
    }

    TEST_CASE("beyond the window of its lane an event waits for one of the lane to settle") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 1, ordinary);
        lanes.enter(account, "a", 2, ordinary);
        CHECK_FALSE(lanes.enter(account, "a", 3, ordinary));
        CHECK_FALSE(lanes.next());
        lanes.settle(1);
        CHECK(lanes.next() == 3);
        lanes.take_next(2);
        CHECK(lanes.in_flight(3)->attempt == 2);
        CHECK_FALSE(lanes.next());
        CHECK(lanes.waiting() == 0);
    }

    TEST_CASE("behind an event that waits a new one of the lane waits too") {
        InboxLanes lanes(small);
        lanes.add(account, "a", 1, ordinary);
        CHECK_FALSE(lanes.enter(account, "a", 2, ordinary));
        CHECK(take_all(lanes) == std::vector<std::int64_t>{1, 2});
    }

    TEST_CASE("beyond the window of all lanes events wait for any to settle") {
        InboxLanes lanes(small);
        for (std::int64_t seq = 1; seq <= 4; ++seq) {
            lanes.enter(account, "chat" + std::to_string(seq), seq, ordinary);
        }
        CHECK_FALSE(lanes.enter(account, "chat5", 5, ordinary));
        CHECK_FALSE(lanes.next());
        lanes.settle(3);
        CHECK(lanes.next() == 5);
    }

    TEST_CASE("lanes take turns, and each keeps its order") {
        InboxLanes lanes({.in_flight = 100, .in_flight_lane = 100, .urgent = 0});
        for (std::int64_t seq = 1; seq <= 3; ++seq) {
            lanes.add(account, "a", seq, ordinary);
        }
        lanes.add(account, "b", 4, ordinary);
        lanes.add(account, "b", 5, ordinary);
        lanes.add(account, "c", 6, ordinary);
        CHECK(take_all(lanes) == std::vector<std::int64_t>{1, 4, 6, 2, 5, 3});
    }

    TEST_CASE("charged is what was charged, wherever it stands in its lane, until it is settled") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 1, ordinary);
        lanes.enter(account, "a", 2, ordinary);
        lanes.in_flight(2)->charge = Charge::being_written;
        using Charged = std::vector<std::pair<std::int64_t, int>>;
        CHECK(lanes.charged() == Charged{{2, 1}});
        lanes.settle(1);
        lanes.in_flight(2)->charge = Charge::durable;
        CHECK(lanes.charged() == Charged{{2, 1}});
        lanes.settle(2);
        CHECK(lanes.charged().empty());
    }

    TEST_CASE("settling twice, or what is not in flight, does nothing") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 1, ordinary);
        lanes.add(account, "a", 2, ordinary);
        for (const std::int64_t seq : {1, 1, 2, 77}) {
            lanes.settle(seq);
        }
        CHECK(lanes.in_flight() == 0);
        CHECK(lanes.in_flight(1) == nullptr);
        CHECK(lanes.next() == 2);
        CHECK(lanes.waiting() == 1);
    }

    TEST_CASE("a lane that is done with is forgotten and starts afresh") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 1, ordinary);
        lanes.settle(1);
        CHECK_FALSE(lanes.in_flight(1));
        CHECK(lanes.enter(account, "a", 2, ordinary));
    }

    TEST_CASE("an older event that turns up later goes before the younger ones that wait") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 8, ordinary);
        lanes.enter(account, "a", 9, ordinary);
        lanes.enter(account, "a", 12, ordinary);
        CHECK(lanes.add(account, "a", 5, ordinary));
        lanes.settle(8);
        CHECK(lanes.next() == 5);
    }

    TEST_CASE("an event is taken in once") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 1, ordinary);
        CHECK_FALSE(lanes.add(account, "a", 1, ordinary));
        CHECK(lanes.add(account, "b", 2, ordinary));
        CHECK_FALSE(lanes.add(account, "b", 2, ordinary));
        CHECK(lanes.add(account, "b", 3, urgent));
        CHECK_FALSE(lanes.add(account, "b", 3, urgent));
        CHECK(lanes.waiting() == 2);
    }

    TEST_CASE("an event that is not pending any more is dropped and its lane goes on") {
        InboxLanes lanes(small);
        lanes.add(account, "a", 1, ordinary);
        lanes.add(account, "a", 2, ordinary);
        CHECK(lanes.next() == 1);
        lanes.drop_next();
        CHECK(lanes.next() == 2);
        lanes.drop_next();
        CHECK_FALSE(lanes.next());
        CHECK(lanes.enter(account, "a", 3, ordinary));
    }

    TEST_CASE("a lane of thousands is worked off in order") {
        InboxLanes lanes({.in_flight = 1024, .in_flight_lane = 32, .urgent = 0});
        for (std::int64_t seq = 1; seq <= 5'000; ++seq) {
            lanes.add(account, "a", seq, ordinary);
        }
        for (std::int64_t settled = 1; settled <= 5'000; ++settled) {
            while (lanes.next()) {
                lanes.take_next(1);
            }
            REQUIRE(lanes.is_in_flight(settled));
            lanes.settle(settled);
        }
        CHECK(lanes.waiting() == 0);
        CHECK(lanes.in_flight() == 0);
    }

    TEST_CASE("an urgent event goes past its full lane and past the full window of all") {
        InboxLanes lanes(small);
        for (std::int64_t seq = 1; seq <= 4; ++seq) {
            lanes.enter(account, seq <= 2 ? "a" : "b", seq, ordinary);
        }
        lanes.enter(account, "a", 5, ordinary);
        CHECK(lanes.enter(account, "a", 6, urgent));
        CHECK(lanes.in_flight(6));
        lanes.settle(6);
        CHECK_FALSE(lanes.next());  // it has made no room for others
        lanes.settle(1);
        CHECK(lanes.next() == 5);
    }

    TEST_CASE("urgent events that wait go first, oldest first, whatever waits in their lanes") {
        InboxLanes lanes(small);
        lanes.add(account, "a", 1, ordinary);
        lanes.add(account, "b", 9, urgent);
        lanes.add(account, "a", 7, urgent);
        CHECK(take_all(lanes) == std::vector<std::int64_t>{7, 9, 1});
    }

    TEST_CASE("the urgent ones have a window of their own") {
        InboxLanes lanes(small);
        CHECK(lanes.enter(account, "a", 1, urgent));
        CHECK(lanes.enter(account, "b", 2, urgent));
        CHECK_FALSE(lanes.enter(account, "c", 3, urgent));
        CHECK(lanes.waiting() == 1);
        CHECK_FALSE(lanes.next());
        CHECK(lanes.enter(account, "c", 4, ordinary));  // beside them
        lanes.settle(4);
        CHECK_FALSE(lanes.next());
        lanes.settle(1);
        CHECK(lanes.next() == 3);
        lanes.drop_next();
        CHECK(lanes.waiting() == 0);
        lanes.settle(2);
        CHECK(lanes.in_flight() == 0);
    }

    TEST_CASE("urgent events leave the order of their lane as it is") {
        InboxLanes lanes(small);
        lanes.enter(account, "a", 1, ordinary);
        lanes.enter(account, "a", 2, urgent);
        lanes.enter(account, "a", 3, ordinary);
        lanes.enter(account, "a", 4, ordinary);
        lanes.settle(2);
        CHECK_FALSE(lanes.next());
        lanes.settle(1);
        CHECK(take_all(lanes) == std::vector<std::int64_t>{4});
    }
}

}  // namespace
}  // namespace hermes::durable
