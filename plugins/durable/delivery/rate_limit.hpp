// How many requests a minute all accounts of a group may make: a platform that counts them blocks
// who goes over, for as long as it counts. Pure.
//
// Spread evenly, but for a burst after a pause: in no minute are there more than `per_minute`.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace hermes::durable {

class RateLimit {
public:
    // 0: no limit.
    explicit RateLimit(std::size_t per_minute) noexcept { set(per_minute); }

    // From the next one on.
    void set(std::size_t per_minute) noexcept {
        burst_ = per_minute / 20;
        interval_ = per_minute == 0 ? base::SteadyTime::duration{0}
                                    : base::SteadyTime::duration(std::chrono::minutes{1}) /
                                          static_cast<std::int64_t>(per_minute - burst_);
    }

    // The earliest time, not before `now`, at which one more may begin.
    base::SteadyTime next_slot(base::SteadyTime now) const noexcept {
        return std::max(now, paid_until_ - interval_ * static_cast<std::int64_t>(burst_));
    }
    void begun(base::SteadyTime now) noexcept {
        paid_until_ = std::max(now, paid_until_) + interval_;
    }

private:
    std::size_t burst_ = 0;
    base::SteadyTime::duration interval_{0};
    base::SteadyTime paid_until_{};  // all that has begun, at an even pace
};

// How many there were in the last minute, to the second.
class MinuteCount {
public:
    void add(base::SteadyTime now) noexcept {
        const auto second = second_of(now);
        for (last_ = std::max(last_, second - size); last_ < second; ++last_) {
            seconds_[place(last_ + 1)] = 0;
        }
        ++seconds_[place(last_)];
    }

    std::size_t count(base::SteadyTime now) const noexcept {
        std::size_t sum = 0;
        for (auto second = std::max(last_, second_of(now)) - size + 1; second <= last_; ++second) {
            sum += seconds_[place(second)];
        }
        return sum;
    }

private:
    static constexpr std::int64_t size = 60;
    static std::int64_t second_of(base::SteadyTime time) noexcept {
        return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    }
    static std::size_t place(std::int64_t second) noexcept {
        return static_cast<std::size_t>((second + size) % size);
    }

    std::array<std::size_t, size> seconds_{};
    std::int64_t last_ = 0;
};

}  // namespace hermes::durable
