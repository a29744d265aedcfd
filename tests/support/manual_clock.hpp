// A wall and a steady clock that move only when they are told to. Shared by the rigs of both sides.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "base/clock.hpp"

namespace hermes::test {

class ManualClock {
public:
    // Starts at the real time: what is signed with it is fresh for everybody.
    ManualClock()
        : now_ms_(std::make_shared<std::atomic<std::int64_t>>(
              base::to_unix_ms(std::chrono::system_clock::now()))),
          steady_ms_(std::make_shared<std::atomic<std::int64_t>>(1'000'000)) {}

    // Time passes: for both.
    void advance(std::chrono::milliseconds by) {
        *now_ms_ += by.count();
        *steady_ms_ += by.count();
    }
    // Somebody sets the wall clock.
    void jump(std::chrono::milliseconds by) { *now_ms_ += by.count(); }
    base::WallTime now() const { return base::from_unix_ms(*now_ms_); }
    base::Clock clock() const {
        return [now = now_ms_] { return base::from_unix_ms(*now); };
    }

    base::SteadyTime steady_now() const { return steady_time(*steady_ms_); }
    base::SteadyClock steady_clock() const {
        return [ms = steady_ms_] { return steady_time(*ms); };
    }

private:
    static base::SteadyTime steady_time(std::int64_t ms) {
        return base::SteadyTime(std::chrono::milliseconds(ms));
    }

    std::shared_ptr<std::atomic<std::int64_t>> now_ms_;  // shared with the clocks given out
    std::shared_ptr<std::atomic<std::int64_t>> steady_ms_;
};

}  // namespace hermes::test
