// WeCom's message as the host's event. Pure.
#pragma once

#include "durable/inbox.hpp"
#include "hermes/message.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

EventId event_id(std::int64_t seq);
// Empty if it is no id of ours.
std::optional<std::int64_t> event_seq(const EventId& id) noexcept;

// `stored` tells where the message stands in the inbox, `message` is its parsed content, `account`
// how its app is called.
MessageEvent to_event(const durable::StoredEvent& stored, const InboundMessage& message,
                      const std::string& account);

}  // namespace hermes::wecom
