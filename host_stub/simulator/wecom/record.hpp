// What the simulator remembers: for tests, for the terminal, for the chat page. Plain values.
//
// Three views of the same happenings:
//   SendCall, Delivered   what the gateway asked of message/send, and what members got to see
//   ChatEntry             a member's chat with an app, as the member's phone shows it
//   WireStep              everything on the wire, in order; secrets masked
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "simulator/wecom/member_message.hpp"
#include "simulator/wecom/message_rules.hpp"

namespace hermes::host::simulator {

// One message/send call that was read, whatever became of it.
struct SendCall {
    base::WallTime at{};
    std::string app{};      // whose access token it carried; empty if nobody's
    std::string to_user{};  // exactly as sent: also `@all` and `a|b`, as are the next two
    std::string to_party{};
    std::string to_tag{};
    std::string type{};
    std::string content{};       // after WeCom's cut; of media their id
    std::string file_name{};     // of media
    std::size_t sent_bytes = 0;  // of content, before it
    bool cut = false;
    bool checks_duplicates = false;
    int errcode = 0;
    std::string msgid{};
    std::vector<Recipient> recipients{};
    std::string fault{};  // the name of the one it met; empty: none
    std::string request_body{};
};

// A message that a member got to see.
struct Delivered {
    std::uint64_t number = 0;  // of the chat entry; grows with every entry
    base::WallTime at{};
    std::string app{};
    std::string corp_id{};
    std::string user_id{};
    std::string type{};
    std::string content{};  // of media their id
    std::string file_name{};
    std::string msgid{};
    bool cut = false;
};

// Whether it answers nobody: what does goes to one member.
bool goes_to_many(std::string_view to_user, std::string_view to_party, std::string_view to_tag);

// Every part that is set must match.
struct DeliveryFilter {
    std::string app{};
    std::string corp_id{};
    std::string user_id{};
    std::string content{};   // the whole of it
    std::string contains{};  // a part of it

    bool matches(const Delivered& delivered) const noexcept;
};

struct SendFilter {
    std::string app{};
    std::string to_user{};

    bool matches(const SendCall& call) const noexcept;
};

enum class EntryState {
    sending,       // the member's: on its way to the gateway
    acknowledged,  // the member's: the gateway answered 200
    failed,        // the member's: no 200 in the last try
    delivered,     // the app's
    dropped,       // the app's: over the frequency limit, the member sees nothing
    suppressed,    // the app's: a duplicate, the member sees nothing
    recalled,      // the app's: it was delivered, and taken back
};
std::string_view to_string(EntryState state) noexcept;

struct ChatEntry {
    enum class From { member, app };

    std::uint64_t number = 0;  // unique in the simulator; the `entry` of wire steps
    From from = From::member;
    base::WallTime at{};
    std::string app{};
    std::string user_id{};
    std::string type{};
    std::string content{};
    bool cut = false;
    EntryState state = EntryState::sending;
    int attempts = 0;                                               // the member's: tries
    std::optional<std::chrono::milliseconds> acknowledged_after{};  // the member's
    std::string msgid{};  // the app's: what message/send gave; the member's: MsgId, if it has one
    std::string media_id{};     // of an image, voice, video or file; its name is the content
    std::uint64_t answers = 0;  // the app's: the member's entry; 0: nothing that anybody wrote
    std::string card_label{};   // the app's: what took the place of a card's buttons
    std::shared_ptr<const MemberMessage> message{};  // the member's: all of it
};

enum class StepKind {
    callback_sent,
    callback_replayed,  // the very same once more, because a person wanted to see that
    callback_answered,  // `status`, `elapsed`
    callback_failed,    // no answer: `summary` says why
    url_verified,       // also when it was refused: `status`
    token_issued,
    message_sent,  // message/send: `errcode`
    delivered,
    dropped,
    suppressed,
    api_called,  // any other call, and any refused one
    fault_met,
    outage_began,
    outage_ended,
    // What the gateway says about itself in its log (gateway_log.hpp).
    committed,
    known_already,  // it came once more, and was not taken twice
    handed_over,
    agent_begun,
    agent_answered,
    agent_silent,  // it has nothing to say
    agent_failed,
    agent_stopped,
    agent_interrupted,  // with its gateway; its message comes again
    reply_stored,
    attempted,  // a part of it is what the app sends next
    accepted,   // WeCom has all of it
    put_off,
    set_aside,
    gateway_log,  // any other line
    gateway_started,
    gateway_ended,
};
std::string_view to_string(StepKind kind) noexcept;

constexpr bool is_callback(StepKind kind) noexcept {
    return kind == StepKind::callback_sent || kind == StepKind::callback_replayed;
}

struct WireStep {
    std::uint64_t sequence = 0;
    base::WallTime at{};
    StepKind kind = StepKind::api_called;
    std::string app{};      // empty if none is known
    std::string user_id{};  // the same
    std::string event{};    // the gateway's word for what it concerns, if the gateway tells it
    // The chat entry it belongs to; 0 if none. What the app sends belongs to what the gateway says
    // that it answers; if the gateway says nothing, to the last thing that the member wrote.
    std::uint64_t entry = 0;
    bool is_unprompted = false;  // it answers nothing, so it belongs to no entry
    int gateway = 0;             // which of several it concerns; 0: there is one, or none is known
    int attempt = 0;             // of a callback
    std::chrono::milliseconds elapsed{0};
    unsigned status = 0;
    int errcode = 0;
    std::string summary{};   // one line for a person
    std::string request{};   // the bytes of it, secrets masked
    std::string response{};  // the same
    std::string plain{};     // of a callback: what was encrypted
};

// What becomes of a message that an app has sent, as an entry, as a step, and in words.
EntryState state_of(Fate fate) noexcept;
StepKind step_of(Fate fate) noexcept;
std::string_view explain(Fate fate) noexcept;

}  // namespace hermes::host::simulator
