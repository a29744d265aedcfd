#include "durable/host_event.hpp"

#include <charconv>

namespace hermes::durable {

EventId event_id(std::int64_t seq) {
    return {std::to_string(seq)};
}

std::optional<std::int64_t> event_seq(const EventId& id) noexcept {
    std::int64_t seq = 0;
    const auto* end = id.value.data() + id.value.size();
    const auto [stop, error] = std::from_chars(id.value.data(), end, seq);
    if (error != std::errc{} || stop != end || seq <= 0) {
        return std::nullopt;
    }
    return seq;
}

MessageEvent host_event(const StoredEvent& stored) {
    MessageEvent event;
    event.id = event_id(stored.seq);
    event.account = stored.account;
    event.chat = {stored.chat};
    event.attempt = stored.attempt;
    event.redelivered = stored.redelivered;
    return event;
}

}  // namespace hermes::durable
