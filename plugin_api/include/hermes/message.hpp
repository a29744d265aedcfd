// What travels between a platform and the agent: an event in, a message out.
//
// Plain values of standard types, UTF-8 throughout. Copyable, movable, no invariants beyond those
// written at a member.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
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

enum class MessageKind {
    text,
    image,
    voice,
    video,
    file,
    location,
    link,
    event,   // something happened that nobody wrote, such as a member who joined
    choice,  // somebody made a choice: MessageEvent::choice
};

// Something that goes beside the text, in either direction. What is not known is empty.
//
// The file at `path` belongs to the side that made the attachment; the other one only reads it, and
// copies what it wants to keep. The owner leaves it as it is, and deletes it after
//   in an event    the event has been settled, or stop has returned. It comes again with the event,
//                  under a path that may be another.
//   in a message   the handler of `send` has been called, whatever the result: an adapter that
//                  answers `deferred` has made a copy of its own before.
struct Attachment {
    MessageKind kind = MessageKind::file;  // image, voice, video or file
    std::string handle{};                  // the platform's own name for it
    std::string url{};                     // where the platform offers it
    std::string path{};                    // local file: absolute, readable by this process
    std::string file_name{};               // as the sender named it; never to be used as a path
    std::string mime_type{};
    std::optional<std::uint64_t> size{};  // of the file, in bytes
};

// One answer that a question offers.
struct Choice {
    std::string id{};     // unique in the question; comes back when it is chosen
    std::string label{};  // what people see
};

// Choices beside the text of a message, which is what is asked. `id` is the sender's name for the
// question, unique in the chat and across restarts. A platform that can close a question does so
// when it is answered; on others, each time that somebody chooses, also for the second time, there
// is an event.
struct Question {
    std::string id{};
    std::vector<Choice> choices{};  // in the order in which they are shown
};

// Which choice was made of which question.
struct MadeChoice {
    std::string question{};  // Question::id
    std::string choice{};    // Choice::id
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
    std::optional<MadeChoice> choice;            // of kind choice
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
    // platform and never shortens it. Empty only beside an attachment.
    std::string text;
    std::vector<Attachment> attachments{};  // each with a path, or a handle of the same platform
    std::optional<Question> question{};
};

}  // namespace hermes
