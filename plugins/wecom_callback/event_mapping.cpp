#include "event_mapping.hpp"

#include <utility>

#include "durable/host_event.hpp"
#include "settings.hpp"

namespace hermes::wecom {

namespace {

MessageKind kind_of(InboundKind kind) noexcept {
    switch (kind) {
        case InboundKind::text:
            return MessageKind::text;
        case InboundKind::image:
            return MessageKind::image;
        case InboundKind::voice:
            return MessageKind::voice;
        case InboundKind::video:
            return MessageKind::video;
        case InboundKind::location:
            return MessageKind::location;
        case InboundKind::link:
            return MessageKind::link;
        case InboundKind::event:
        case InboundKind::unknown:
            break;
    }
    return MessageKind::event;
}

std::string with_field(std::string text, const InboundMessage& message, std::string_view path) {
    if (const auto value = message.field(path); !value.empty()) {
        text += ' ';
        text += value;
    }
    return text;
}

// What an agent that reads only text is told.
std::string readable(const InboundMessage& message) {
    switch (message.kind) {
        case InboundKind::text:
            return message.text;
        case InboundKind::image:
            return "[image]";
        case InboundKind::voice: {
            // Recognition is there where the app has speech recognition switched on (doc 90239).
            const auto spoken = message.field("Recognition");
            return spoken.empty() ? "[voice]" : std::string(spoken);
        }
        case InboundKind::video:
            return "[video]";
        case InboundKind::location:
            return with_field("[location]", message, "Label") + " (" +
                   std::string(message.field("Location_X")) + ", " +
                   std::string(message.field("Location_Y")) + ")";
        case InboundKind::link: {
            auto text = with_field("[link]", message, "Title");
            text = with_field(std::move(text), message, "Description");
            return message.url.empty() ? text : text + '\n' + message.url;
        }
        case InboundKind::event:
        case InboundKind::unknown:
            break;
    }
    // A click is named by its key; it never becomes a command that nobody typed.
    return "[menu] " + message.event_key;
}

}  // namespace

MessageEvent to_event(const durable::StoredEvent& stored, const InboundMessage& message,
                      const std::string& account) {
    auto event = durable::host_event(stored);
    event.platform = platform_name;
    event.account = account;
    event.user_id = message.from_user.str();
    event.user_name = event.user_id;
    event.kind = kind_of(message.kind);
    event.text = readable(message);
    if (!message.media_id.empty() || message.kind == InboundKind::image) {
        Attachment attachment;
        attachment.kind = event.kind;
        attachment.handle = message.media_id;
        attachment.url = message.url;
        event.attachments.push_back(std::move(attachment));
    }
    for (const auto& [path, value] : message.fields) {
        event.details.emplace(path, value);
    }
    event.sent_at =
        std::chrono::system_clock::time_point{std::chrono::seconds{message.create_time_s}};
    return event;
}

}  // namespace hermes::wecom
