#include "durable/delivery/pacing.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <deque>
#include <type_traits>

using namespace std::chrono_literals;
using hermes::durable::Pacing;
using hermes::durable::PacingLimits;

namespace {

constexpr Pacing::Time now{1'700'000'000s};

}  // namespace

TEST_SUITE("policy/pacing") {
    TEST_CASE("up to the limit nothing waits") {
        Pacing pacing({.per_minute = 30, .per_hour = 1000});
        for (int i = 0; i < 30; ++i) {
            CHECK(pacing.next_slot(now) == now);
            pacing.sent(now);
        }
        CHECK(pacing.next_slot(now) == now + 1min);
    }

    TEST_CASE("a slot comes free when the oldest message of the minute is a minute old") {
        Pacing pacing({.per_minute = 2, .per_hour = 1000});
        pacing.sent(now);
        pacing.sent(now + 20s);
        CHECK(pacing.next_slot(now + 30s) == now + 60s);
        CHECK(pacing.next_slot(now + 60s) == now + 60s);
        pacing.sent(now + 60s);
        CHECK(pacing.next_slot(now + 61s) == now + 80s);
    }

    TEST_CASE("the hour's limit holds where the minute's would allow more") {
        Pacing pacing({.per_minute = 2, .per_hour = 3});
        pacing.sent(now);
        pacing.sent(now + 2min);
        pacing.sent(now + 4min);
        CHECK(pacing.next_slot(now + 5min) == now + 1h);
        CHECK(pacing.next_slot(now + 1h) == now + 1h);
    }

    TEST_CASE("a burst of ten thousand never puts 31 into a minute or 1001 into an hour") {
        constexpr PacingLimits limits{.per_minute = 30, .per_hour = 1000};
        Pacing pacing(limits);
        std::deque<Pacing::Time> sent;
        auto time = now;
        bool kept = true;
        for (int i = 0; i < 10'000; ++i) {
            time = pacing.next_slot(time);
            pacing.sent(time);
            sent.push_back(time);
            const auto count = sent.size();
            kept = kept && (count <= limits.per_minute ||
                            time - sent[count - 1 - limits.per_minute] >= 1min);
            kept = kept &&
                   (count <= limits.per_hour || time - sent[count - 1 - limits.per_hour] >= 1h);
        }
        CHECK(kept);
        CHECK(time - now <= 10h);
    }

    TEST_CASE("prune forgets what is an hour old and says when nothing is left") {
        Pacing pacing({.per_minute = 1, .per_hour = 1});
        CHECK(pacing.prune(now));
        pacing.sent(now);
        CHECK_FALSE(pacing.prune(now + 59min));
        CHECK(pacing.next_slot(now + 59min) == now + 1h);
        CHECK(pacing.prune(now + 1h));
        CHECK(pacing.next_slot(now + 1h) == now + 1h);
    }

    TEST_CASE("a clock that is set back by a day does not silence a member for a day") {
        // It goes by the clock that nobody can set.
        CHECK(std::is_same_v<Pacing::Time, std::chrono::steady_clock::time_point>);
    }
}
