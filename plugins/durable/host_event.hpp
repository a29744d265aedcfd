// Events as the host knows them.
#pragma once

#include <cstdint>
#include <optional>

#include "durable/event.hpp"
#include "hermes/message.hpp"

namespace hermes::durable {

EventId event_id(std::int64_t seq);
// Empty if it is no id of ours.
std::optional<std::int64_t> event_seq(const EventId& id) noexcept;

// With what the inbox knows; the rest is the platform's.
MessageEvent host_event(const StoredEvent& stored);

}  // namespace hermes::durable
