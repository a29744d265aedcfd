// WeCom's message as the host's event. Pure.
#pragma once

#include "durable/event.hpp"
#include "hermes/message.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

// `stored` tells where the message stands in the inbox, `message` is its parsed content, `account`
// how its app is called.
MessageEvent to_event(const durable::StoredEvent& stored, const InboundMessage& message,
                      const std::string& account);

}  // namespace hermes::wecom
