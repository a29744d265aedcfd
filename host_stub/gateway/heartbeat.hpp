// Tells the service manager again and again that the gateway is well, for as long as it is: the
// beat stops when a thread of it hangs.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "output/log.hpp"

namespace hermes::host {

// Somebody who must come round.
struct PulseSource {
    std::string name;  // for people
    // Has `felt` called once, on any thread: soon, or never.
    std::function<void(std::function<void()> felt)> feel;
};

class Heartbeat {
public:
    // Calls `beat` when all of `sources` have come round, and again an `interval` later. One that
    // has not come round for so long is named in the log. The sources can be asked, and `log` is
    // there, for as long as this lives.
    Heartbeat(std::vector<PulseSource> sources, std::chrono::microseconds interval,
              std::function<void()> beat, Log& log);
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;

private:
    void run(const std::stop_token& stop);
    bool all_come_round(const std::stop_token& stop);

    std::vector<PulseSource> sources_;
    std::chrono::microseconds interval_;
    std::function<void()> beat_;
    Log& log_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hermes::host
