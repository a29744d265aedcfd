// SIGINT, SIGTERM and SIGHUP, waited for in the open.
#pragma once

#include <csignal>
#include <string>

namespace hermes::host {

// Blocks them, in this thread and in those that it starts from now on: made before the first.
class StopSignals {
public:
    StopSignals();

    // Returns the signal's name.
    std::string wait() const;
    // Ends a wait, or the next one, as SIGTERM does.  [any]
    static void end_wait() noexcept;

private:
    sigset_t signals_{};
};

}  // namespace hermes::host
