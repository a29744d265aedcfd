// How many requests of an account may be under way: as many as the platform bears. Pure.
//
// One more for each window of requests that were taken without taking longer, as long as the window
// is what holds up the next one; half as many when the platform asks for fewer, once for all that
// were under way then. So an account finds the platform's pace by itself, whatever the latency.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace hermes::durable {

inline constexpr std::size_t window_first = 8;

class SendWindow {
public:
    explicit SendWindow(std::size_t longest) noexcept
        : longest_(longest < 1 ? 1 : longest),
          size_(window_first < longest_ ? window_first : longest_) {}

    std::size_t size() const noexcept { return size_; }

    // A request begins; its answer is told with the number.
    std::uint64_t begins() noexcept { return ++begun_; }
    // It was taken. `was_full`: others waited for the window.
    void succeeded(std::uint64_t number, std::chrono::milliseconds latency, bool was_full,
                   base::SteadyTime now) noexcept;
    // The platform asks for fewer at a time.
    void slow_down(std::uint64_t number) noexcept;
    // It failed for another reason: no sign that more would be borne.
    void failed() noexcept { taken_ = 0; }

private:
    bool is_slower(std::chrono::milliseconds latency, base::SteadyTime now) noexcept;

    std::size_t longest_;
    std::size_t size_;
    std::size_t taken_ = 0;  // since it last grew
    std::uint64_t begun_ = 0;
    std::uint64_t halved_at_ = 0;  // what had begun by then says nothing about the new size
    // The shortest latency of this period, and of the one before.
    std::chrono::milliseconds shortest_{std::chrono::milliseconds::max()};
    std::chrono::milliseconds shortest_before_{std::chrono::milliseconds::max()};
    base::SteadyTime period_ends_{};
};

}  // namespace hermes::durable
