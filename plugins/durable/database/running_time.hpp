// How long gateways have run on this store: the clock by which lifetimes are counted.
//
// It stands still while no gateway runs, never jumps, and never goes faster than real time. So no
// setting of the wall clock, forward or back, makes a reply late, a wait long or a row old. What it
// shows is kept in the table `meta` once in a while; after a crash it goes on from there, a little
// behind. Gateways that share a store keep step with the one that has counted most: a machine that
// was suspended has missed some. In milliseconds.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include "base/clock.hpp"

namespace hermes::durable {

// How far that of one gateway may lag behind another's: each tells the others with its beats, once
// a second.
inline constexpr std::chrono::milliseconds running_time_lag{2'000};

class RunningTime {
public:
    // `base_ms`: what it showed last.
    RunningTime(std::int64_t base_ms, base::SteadyClock clock)
        : base_ms_(base_ms), clock_(std::move(clock)), started_(clock_()) {}

    std::int64_t now_ms() const { return from_steady(clock_()); }
    // Another gateway on this store has come so far.  [one thread]
    void catch_up(std::int64_t at_ms) {
        if (const auto behind = at_ms - now_ms(); behind > 0) {
            base_ms_ += behind;
        }
    }
    // When, by this process' steady clock, it shows or has shown that.
    base::SteadyTime to_steady(std::int64_t at_ms) const {
        return started_ + std::chrono::milliseconds(at_ms - base_ms_);
    }
    std::int64_t from_steady(base::SteadyTime at) const {
        return base_ms_ +
               std::chrono::duration_cast<std::chrono::milliseconds>(at - started_).count();
    }

private:
    std::atomic<std::int64_t> base_ms_;
    base::SteadyClock clock_;
    base::SteadyTime started_;
};

}  // namespace hermes::durable
