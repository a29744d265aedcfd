// A wall clock that moves only when it is told to. Shared by the rigs of both sides.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "support/clock.hpp"

namespace hermes::test {

class ManualClock {
public:
    // Starts at the real time: what is signed with it is fresh for everybody.
    ManualClock()
        : now_ms_(std::make_shared<std::atomic<std::int64_t>>(
              support::to_unix_ms(std::chrono::system_clock::now()))) {}

    void advance(std::chrono::milliseconds by) { *now_ms_ += by.count(); }
    support::WallTime now() const { return support::from_unix_ms(*now_ms_); }
    support::Clock clock() const {
        return [now = now_ms_] { return support::from_unix_ms(*now); };
    }

private:
    std::shared_ptr<std::atomic<std::int64_t>> now_ms_;  // shared with the clocks given out
};

}  // namespace hermes::test
