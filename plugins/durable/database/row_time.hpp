// When something happened, by both clocks of the tables.
#pragma once

#include <cstdint>
#include <utility>

#include "base/clock.hpp"
#include "durable/database/running_time.hpp"

namespace hermes::durable {

struct RowTime {
    std::int64_t at_ms = 0;
    std::int64_t run_ms = 0;
};

class RowClock {
public:
    // `running_ms`: what the running time showed last.
    RowClock(base::Clock wall, std::int64_t running_ms, base::SteadyClock steady)
        : wall_(std::move(wall)), running_(running_ms, std::move(steady)) {}

    RowTime now() const { return {base::to_unix_ms(wall_()), running_.now_ms()}; }
    const RunningTime& running() const noexcept { return running_; }
    RunningTime& running() noexcept { return running_; }

private:
    base::Clock wall_;
    RunningTime running_;
};

}  // namespace hermes::durable
