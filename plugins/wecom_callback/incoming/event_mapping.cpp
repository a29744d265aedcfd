#include "incoming/event_mapping.hpp"

#include <utility>

#include "durable/store/host_values.hpp"
#include "incoming/attachment_words.hpp"
#include "incoming/inbound_words.hpp"
#include "protocol/file_name.hpp"
#include "settings/settings.hpp"

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
        case InboundKind::file:
            return MessageKind::file;
        case InboundKind::location:
            return MessageKind::location;
        case InboundKind::link:
            return MessageKind::link;
        default:
            return MessageKind::event;
    }
}

Attachment attachment_of(const InboundMessage& message) {
    Attachment attachment;
    attachment.kind = kind_of(message.kind);
    attachment.handle = message.media_id;
    attachment.url = message.url;
    attachment.file_name = clean_file_name(message.file_name);
    return attachment;
}

// Leaves that repeat, such as the options of a card, are lines of one value. What changes a card is
// not for whoever reads what an agent was given.
std::map<std::string, std::string> details_of(const InboundMessage& message) {
    std::map<std::string, std::string> details;
    for (const auto& [path, value] : message.fields) {
        if (path == "ResponseCode") {
            continue;
        }
        const auto [known, is_new] = details.emplace(path, value);
        if (!is_new) {
            known->second += '\n' + value;
        }
    }
    return details;
}

}  // namespace

MessageEvent to_event(const durable::StoredEvent& stored, const InboundMessage& message,
                      const App& app) {
    auto event = durable::host_event(stored);
    event.platform = platform_name;
    event.account = app.name;
    event.user_id = message.from_user.str();
    event.user_name = event.user_id;
    event.kind = kind_of(message.kind);
    event.text = readable(message);
    if (const auto* text = app.menu.text_of(message)) {  // as if the member had written it
        event.kind = MessageKind::text;
        event.text = *text;
    }
    if (is_file(message.kind)) {
        event.attachments.push_back(attachment_of(message));
    }
    event.details = details_of(message);
    add_files(event, stored.files);
    event.sent_at =
        std::chrono::system_clock::time_point{std::chrono::seconds{message.create_time_s}};
    return event;
}

}  // namespace hermes::wecom
