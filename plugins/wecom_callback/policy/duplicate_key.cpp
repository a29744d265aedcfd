#include "policy/duplicate_key.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "protocol/sha256.hpp"

namespace hermes::wecom {
namespace {

constexpr std::size_t key_bytes_max = 256;
constexpr std::size_t tail_bytes_max = 160;  // after corp (64), agent id (10) and what parts them

bool is_printable(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Each part with its length before it, so that no two lists of parts make the same text.
void append_part(std::string& text, std::string_view part) {
    text += std::to_string(part.size());
    text += '.';
    text += part;
    text += ',';
}

std::string event_parts(const InboundMessage& message) {
    std::string parts;
    append_part(parts, message.from_user.folded());
    append_part(parts, std::to_string(message.create_time_s));
    append_part(parts, message.msg_type);
    append_part(parts, message.event);
    append_part(parts, message.event_key);
    if (message.card) {
        append_part(parts, message.card->task_id);
        append_part(parts, message.card->response_code);
    }
    return parts;
}

}  // namespace

std::string duplicate_key(const InboundMessage& message, const AgentId& agent) {
    const bool has_msg_id = !message.msg_id.empty();
    const auto event = has_msg_id ? std::string{} : event_parts(message);
    const std::string_view tail = has_msg_id ? message.msg_id : event;
    std::string key;
    key.reserve(key_bytes_max);
    key += message.to_corp.str();
    key += '/';
    key += std::to_string(agent.number());
    key += has_msg_id ? "/id/" : "/event/";
    if (tail.size() <= tail_bytes_max && is_printable(tail)) {
        return key += tail;
    }
    return key += "sha256-" + sha256_hex(tail);
}

}  // namespace hermes::wecom
