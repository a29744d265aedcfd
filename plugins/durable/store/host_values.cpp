#include "durable/store/host_values.hpp"

#include <charconv>
#include <utility>

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

NewMessage new_message(const OutboundMessage& message) {
    NewMessage made;
    made.chat = message.chat.value;
    made.is_notice = !message.reply_to;
    if (const auto event = message.reply_to ? event_seq(*message.reply_to) : std::nullopt) {
        made.answers = *event;
        if (message.role == ReplyRole::final_reply) {
            made.settles = event;
        }
    }
    return made;
}

GatewayKind role_of(AdapterMode mode) noexcept {
    return mode == AdapterMode::gateway ? GatewayKind::gateway : GatewayKind::visitor;
}

void refuse(const SendHandler& handler, SendError error, std::string detail) {
    if (handler) {
        SendResult result;
        result.error = error;
        result.retryable = error == SendError::stopped;
        result.detail = std::move(detail);
        handler(result);
    }
}

void refuse_stopped(const SendHandler& handler) {
    refuse(handler, SendError::stopped, "the adapter is not running");
}

}  // namespace hermes::durable
