// Whether an adapter's threads still come round: hermes.pulse/1, offered by an adapter whose host
// tells a service manager that it is well.
//
// A thread that hangs for good is mended by a restart alone, and nothing else shows it: sockets
// stay open, and connections are taken. What waits for a disk or a network by right is no such
// thread: an outage must not have anybody restarted.
#pragma once

#include <functional>

namespace hermes {

class Pulse {
public:
    static constexpr const char* extension_name = "hermes.pulse/1";

    Pulse(const Pulse&) = delete;
    Pulse& operator=(const Pulse&) = delete;

    // Has `felt` called once, when each thread that must never wait has come round: soon, or not at
    // all. It may be called on any of them, and is destroyed before stop returns. Between start and
    // stop.  [any]
    virtual void feel(std::function<void()> felt) noexcept = 0;

protected:
    Pulse() = default;
    ~Pulse() = default;  // it is the adapter's
};

}  // namespace hermes
