#include "durable/delivery/send_window.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

#include "durable/delivery/rate_limit.hpp"

using namespace std::chrono_literals;

namespace hermes::durable {
namespace {

constexpr base::SteadyTime start_time{1'000'000s};

// All that fits into the window begins, and is taken after that time.
void round(SendWindow& window, std::chrono::milliseconds latency, base::SteadyTime now = start_time,
           bool was_full = true) {
    std::vector<std::uint64_t> numbers;
    for (std::size_t n = 0; n < window.size(); ++n) {
        numbers.push_back(window.begins());
    }
    for (const auto number : numbers) {
        window.succeeded(number, latency, was_full, now);
    }
}

}  // namespace

TEST_SUITE("durable/send window") {
    TEST_CASE("it grows by one with each window that was taken, whatever the latency") {
        for (const auto latency : {1ms, 200ms, 5'000ms}) {
            SendWindow window(64);
            CHECK(window.size() == window_first);
            for (std::size_t n = 1; n <= 10; ++n) {
                round(window, latency);
                CHECK(window.size() == window_first + n);
            }
        }
    }

    TEST_CASE("it does not grow beyond its bound, nor while nothing waits for it") {
        SendWindow window(10);
        for (int n = 0; n < 10; ++n) {
            round(window, 200ms);
        }
        CHECK(window.size() == 10);
        CHECK(SendWindow(3).size() == 3);
        SendWindow idle(64);
        round(idle, 200ms, start_time, false);
        CHECK(idle.size() == window_first);
    }

    TEST_CASE("it does not grow while requests take longer than they need") {
        SendWindow window(64);
        round(window, 200ms);
        const auto size = window.size();
        round(window, 450ms);
        CHECK(window.size() == size);
        round(window, 210ms);
        CHECK(window.size() == size + 1);
    }

    TEST_CASE("what is usual is learned anew") {
        SendWindow window(64);
        round(window, 100ms, start_time);
        round(window, 900ms, start_time + 61s);
        const auto size = window.size();
        CHECK(size == window_first + 1);
        round(window, 900ms, start_time + 122s);
        CHECK(window.size() == size + 1);
    }

    TEST_CASE("it is halved once for all that were under way, down to one") {
        SendWindow window(64);
        std::vector<std::uint64_t> numbers;
        for (std::size_t n = 0; n < window.size(); ++n) {
            numbers.push_back(window.begins());
        }
        for (const auto number : numbers) {
            window.slow_down(number);
        }
        CHECK(window.size() == window_first / 2);
        for (int n = 0; n < 5; ++n) {
            window.slow_down(window.begins());
        }
        CHECK(window.size() == 1);
        round(window, 200ms);
        CHECK(window.size() == 2);
    }

    TEST_CASE("what was under way when it was halved does not make it grow again") {
        SendWindow window(64);
        std::vector<std::uint64_t> numbers;
        for (std::size_t n = 0; n < window.size(); ++n) {
            numbers.push_back(window.begins());
        }
        window.slow_down(numbers.front());
        for (const auto number : numbers) {
            window.succeeded(number, 200ms, true, start_time);
        }
        CHECK(window.size() == window_first / 2);
    }

    TEST_CASE("a request that fails for another reason puts the growth off") {
        SendWindow window(64);
        for (std::size_t n = 1; n < window_first; ++n) {
            window.succeeded(window.begins(), 200ms, true, start_time);
        }
        window.failed();
        window.succeeded(window.begins(), 200ms, true, start_time);
        CHECK(window.size() == window_first);
    }
}

TEST_SUITE("durable/rate limit") {
    TEST_CASE("in no minute more requests begin than are allowed") {
        RateLimit limit(600);
        std::vector<base::SteadyTime> begun;
        for (auto now = start_time; now < start_time + 3min; now += 1ms) {
            while (limit.next_slot(now) <= now) {
                limit.begun(now);
                begun.push_back(now);
            }
        }
        for (std::size_t first = 0; first + 600 < begun.size(); ++first) {
            CHECK(begun[first + 600] - begun[first] >= 1min - 1ms);
        }
        CHECK(begun.size() > 3 * 560);
    }

    TEST_CASE("after a pause a burst goes at once, the rest evenly") {
        RateLimit limit(600);
        for (int n = 0; n < 30; ++n) {
            CHECK(limit.next_slot(start_time) == start_time);
            limit.begun(start_time);
        }
        limit.begun(start_time);
        CHECK(limit.next_slot(start_time) > start_time);
        CHECK(limit.next_slot(start_time + 1s) == start_time + 1s);
    }

    TEST_CASE("what was in the last minute is counted, and no longer") {
        MinuteCount count;
        CHECK(count.count(start_time) == 0);
        for (int second = 0; second < 90; ++second) {
            count.add(start_time + std::chrono::seconds(second));
        }
        CHECK(count.count(start_time + 89s) == 60);
        CHECK(count.count(start_time + 119s) == 30);
        CHECK(count.count(start_time + 1h) == 0);
    }

    TEST_CASE("without a limit nothing waits") {
        RateLimit limit(0);
        for (int n = 0; n < 1'000; ++n) {
            limit.begun(start_time);
        }
        CHECK(limit.next_slot(start_time) == start_time);
    }
}

}  // namespace hermes::durable
