// Events that a platform takes back after it has handed them over: hermes.withdrawal/1, offered by
// a host. A platform whose gateways share their work needs it: an event goes to another gateway
// when this one was cut off for long, and this one may still be working on it when it is heard of
// again. Where a host does not offer it, that work is done to its end, for nothing.
#pragma once

#include "hermes/message.hpp"

namespace hermes {

class Withdrawal {
public:
    static constexpr const char* extension_name = "hermes.withdrawal/1";

    Withdrawal(const Withdrawal&) = delete;
    Withdrawal& operator=(const Withdrawal&) = delete;

    // Somebody else answers that event by now. Work on it is to end; what comes of it is neither to
    // be sent nor settled, and would be refused. One that the host is done with, or does not know,
    // is passed over; it may be handed over again later. Must return at once: it runs on a thread
    // that the adapter needs.  [any]
    virtual void withdraw(const EventId& event) noexcept = 0;

protected:
    Withdrawal() = default;
    ~Withdrawal() = default;  // it is the host's
};

}  // namespace hermes
