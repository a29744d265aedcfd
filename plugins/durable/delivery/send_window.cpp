#include "durable/delivery/send_window.hpp"

#include <algorithm>
#include <utility>

namespace hermes::durable {

namespace {

using std::chrono::milliseconds;

// What is usual is learned anew, since a network's latency changes.
constexpr std::chrono::seconds period{60};
// Longer than usual: twice, and by more than chance on a fast network.
constexpr int longer_times = 2;
constexpr milliseconds longer_at_least{100};

}  // namespace

bool SendWindow::is_slower(milliseconds latency, base::SteadyTime now) noexcept {
    if (now >= period_ends_) {
        shortest_before_ = std::exchange(shortest_, milliseconds::max());
        period_ends_ = now + period;
    }
    shortest_ = std::min(shortest_, latency);
    const auto usual = std::min(shortest_, shortest_before_);
    return latency > std::max(usual * longer_times, usual + longer_at_least);
}

void SendWindow::succeeded(std::uint64_t number, milliseconds latency, bool was_full,
                           base::SteadyTime now) noexcept {
    if (is_slower(latency, now) || !was_full || number <= halved_at_) {
        taken_ = 0;
    } else if (++taken_ >= size_ && size_ < longest_) {
        ++size_;
        taken_ = 0;
    }
}

void SendWindow::slow_down(std::uint64_t number) noexcept {
    taken_ = 0;
    if (number > halved_at_) {
        size_ = std::max<std::size_t>(1, size_ / 2);
        halved_at_ = begun_;
    }
}

}  // namespace hermes::durable
