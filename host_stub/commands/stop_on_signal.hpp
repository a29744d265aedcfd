// A command that a signal ends in good order: SIGINT, SIGTERM or SIGHUP requests a stop.
#pragma once

#include <stop_token>
#include <thread>

#include "system/stop_signals.hpp"

namespace hermes::host {

class StopOnSignal {
public:
    // Before the first thread.
    StopOnSignal() = default;
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;
    ~StopOnSignal() { StopSignals::end_wait(); }

    std::stop_token token() const noexcept { return stop_.get_token(); }

private:
    const StopSignals signals_{};
    std::stop_source stop_{};
    std::jthread waiter_{[this] {
        signals_.wait();
        stop_.request_stop();
    }};
};

}  // namespace hermes::host
