// What this process has had of the processors by now: that it waits does not cost any.
#pragma once

#include <chrono>
#include <ctime>

namespace hermes::test {

inline std::chrono::milliseconds processor_time() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace hermes::test
