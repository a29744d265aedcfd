// How fast one chat may be written to: a platform may drop what goes over its limits, silently, so
// we wait instead.
#pragma once

#include <boost/container/devector.hpp>
#include <chrono>
#include <cstddef>

namespace hermes::durable {

struct PacingLimits {
    std::size_t per_minute = 0;  // 0: no limit
    std::size_t per_hour = 0;
};

class Pacing {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Pacing(PacingLimits limits) noexcept : limits_(limits) {}

    // The earliest time, not before `now`, at which one more message is within the limits.
    Time next_slot(Time now) const;
    // A message went out; times don't decrease.
    void sent(Time when);
    // Forgets what no limit looks at any more; true if nothing is left.
    bool prune(Time now);

private:
    PacingLimits limits_;
    boost::container::devector<Time> sent_;  // of the last hour, at most per_hour of them
};

}  // namespace hermes::durable
