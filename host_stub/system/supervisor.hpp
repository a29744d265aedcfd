// The service manager that has started this process, if one wants to hear from it: the protocol of
// sd_notify(3), which is a datagram to a socket.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::host {

class Supervisor {
public:
    // Takes what concerns it out of the environment: no child of this process speaks in its name.
    // Before there are threads.
    static Supervisor take_from_environment();

    // `address` as in NOTIFY_SOCKET; empty: nobody listens.
    Supervisor(std::string address, std::optional<std::chrono::microseconds> patience)
        : address_(std::move(address)), patience_(patience) {}

    // "READY=1", a line for each word. What can't be told is not told: a service manager that is
    // gone is no reason to stop.  [any]
    void tell(std::string_view words) const noexcept;

    // It takes the process for hung when it has not been told "WATCHDOG=1" for so long. None: it
    // does not watch.
    std::optional<std::chrono::microseconds> patience() const noexcept { return patience_; }

private:
    std::string address_;
    std::optional<std::chrono::microseconds> patience_;
};

}  // namespace hermes::host
