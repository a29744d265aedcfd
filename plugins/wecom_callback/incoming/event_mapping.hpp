// WeCom's message as the host's event. Pure.
#pragma once

#include "durable/inbox/event.hpp"
#include "hermes/message.hpp"
#include "policy/app.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

// `stored` tells where the message stands in the inbox, `message` is its parsed content, `app`
// heard it. The member's name is their id.
MessageEvent to_event(const durable::StoredEvent& stored, const InboundMessage& message,
                      const App& app);

}  // namespace hermes::wecom
