// The one event of the minimal plugin, and the turns on it: handed over at each start until it is
// settled, with the attempts that are charged in a file.
#pragma once

#include <mutex>
#include <string>

#include "hermes/plugin.hpp"

class Turns {
public:
    // The event that waits in this folder.
    hermes::MessageEvent take(const std::string& folder);
    bool begin(const hermes::EventId& event);
    void settle(const hermes::EventId& event);
    void stop();

private:
    bool is_begun(const hermes::EventId& event);
    int charged() const;
    void charge(int attempts) const;

    std::mutex mutex_{};
    std::string file_{};
    bool started_ = false;
    bool running_ = false;
    bool settled_ = false;
    bool begun_ = false;
};
