// What travels between a platform and the agent: an event in, a message out.
//
// Plain values of standard types, UTF-8 throughout. Copyable, movable, no invariants beyond those
// written at a member.
#pragma once

#include <chrono>
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hermes {

// Names one event inside one adapter, across restarts. Opaque to the host.
struct EventId {
    std::string value;
    friend auto operator<=>(const EventId&, const EventId&) = default;
};

// Names one chat inside one platform, across restarts. Opaque to the host; each platform documents
// its form, since operators type it (`send --chat`).
struct ChatId {
    std::string value;
    friend auto operator<=>(const ChatId&, const ChatId&) = default;
};

enum class MessageKind { text, image, voice, video, file, location, link, event };

// Something that comes beside the text. What is not known is empty.
struct Attachment {
    MessageKind kind = MessageKind::file;
    std::string media_id;   // the platform's own handle
    std::string url;        // where the platform offers it
    std::string path;       // local file, once it has been downloaded; absolute
    std::string file_name;  // as the sender named it; never to be used as a path
    std::string mime_type;
};

// What a person sent. An event that the host has been given stays the host's duty until it is
// settled: by PlatformAdapter::settle, or by a final OutboundMessage that answers it.
struct MessageEvent {
    EventId id;
    std::string platform;  // the plugin's name
    std::string account;   // which of the platform's configured accounts heard it
    ChatId chat;           // a session is platform + account + chat
    std::string user_id;
    std::string user_name;  // equals user_id where the platform tells no name
    MessageKind kind = MessageKind::text;
    std::string text;  // never empty for kind text; a readable description for other kinds
    std::vector<Attachment> attachments;
    std::map<std::string, std::string> details;  // what only this platform knows, by its own names
    std::chrono::system_clock::time_point sent_at;
    // 1 for the first time; an event on which the agent had begun (PlatformAdapter::begin) and that
    // was not settled before the process ended comes again with the next number. A clean stop does
    // not count against an event, and an operator's retry counts anew.
    int attempt = 1;
    bool redelivered = false;  // the agent had begun on it before, whatever ended that run
};

// Whether a message that answers an event is the last word on it.
enum class ReplyRole {
    final_reply,  // settles the event in the commit that makes the message durable
    interim,      // "still working on it": the event stays open
};

// What the agent says.
struct OutboundMessage {
    ChatId chat;
    std::string account;              // empty: the adapter finds it, or fails with `not_found`
    std::optional<EventId> reply_to;  // answers this event, through the account that heard it
    ReplyRole role = ReplyRole::final_reply;
    // Markdown (CommonMark) or plain text, any length: the adapter converts and splits it for its
    // platform and never shortens it.
    std::string text;
};

}  // namespace hermes
