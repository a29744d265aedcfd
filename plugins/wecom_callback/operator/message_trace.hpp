// The way of a message as the host wants to see it: hermes.trace/1, if it wants to.
#pragma once

#include <cstdint>

#include "durable/delivery/delivery.hpp"
#include "durable/inbox/event.hpp"
#include "hermes/ext/trace.hpp"
#include "policy/current_apps.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

class MessageTrace {
public:
    // `host`: null if nobody wants to know; outlives this otherwise.
    MessageTrace(Trace* host, const CurrentApps& apps) : host_(host), apps_(apps) {}

    Trace* host() const noexcept { return host_; }

    void handed_over(const durable::StoredEvent& stored, const InboundMessage& message) const;
    void set_aside(const durable::DeadEvent& event) const;
    void reply_stored(std::int64_t event, std::int64_t message) const;
    void delivery(const durable::DeliveryReport& report) const;

private:
    Trace* host_;
    const CurrentApps& apps_;
};

}  // namespace hermes::wecom
