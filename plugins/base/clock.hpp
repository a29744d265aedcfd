// The two clocks, as something that can be passed in. What waits or pauses goes by the steady one;
// the wall clock is for people and for what was signed with it, since it may jump either way.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace hermes::base {

using WallTime = std::chrono::system_clock::time_point;
using Clock = std::function<WallTime()>;

inline Clock system_clock() {
    return [] { return std::chrono::system_clock::now(); };
}

using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyClock = std::function<SteadyTime()>;

inline SteadyClock steady_clock() {
    return [] { return std::chrono::steady_clock::now(); };
}

inline std::int64_t to_unix_ms(WallTime time) noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

inline WallTime from_unix_ms(std::int64_t ms) noexcept {
    return WallTime{std::chrono::milliseconds{ms}};
}

}  // namespace hermes::base
