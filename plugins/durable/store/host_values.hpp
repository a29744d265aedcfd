// What goes between host and engine, as each of them knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "durable/inbox/event.hpp"
#include "durable/outbox/outbox.hpp"
#include "durable/store/store.hpp"
#include "hermes/message.hpp"
#include "hermes/platform_adapter.hpp"
#include "hermes/plugin.hpp"

namespace hermes::durable {

EventId event_id(std::int64_t seq);
// Empty if it is no id of ours.
std::optional<std::int64_t> event_seq(const EventId& id) noexcept;

// With what the inbox knows; the rest is the platform's.
MessageEvent host_event(const StoredEvent& stored);

// Which event it answers and settles, if any; account, parts and lifetime are the platform's.
NewMessage new_message(const OutboundMessage& message);

GatewayKind role_of(AdapterMode mode) noexcept;

// Tells `handler`, which may be empty, that its message is not taken; for PlatformAdapter::send.
void refuse(const SendHandler& handler, SendError error, std::string detail);
// Before start and after stop.
void refuse_stopped(const SendHandler& handler);

}  // namespace hermes::durable
