// Every kind of message and event that WeCom's documents tell of, and what becomes of each.
//
// WeCom doc 90239 (messages), 90240 (events); docs/messages.md prints this table. What is not in it
// is `unknown`: acknowledged, since WeCom repeats what is refused, and counted.
#pragma once

#include <span>
#include <string_view>

namespace hermes::wecom {

enum class InboundKind {
    // messages, which have a MsgId
    text,
    image,
    voice,
    video,
    file,  // in no document; taken if it comes
    location,
    link,
    // events that a member means for the agent
    click,
    scan,              // scancode_push and scancode_waitmsg
    chosen_place,      // location_select
    card_answer,       // template_card_event
    card_menu_choice,  // template_card_menu_event
    // events of which this program does something itself, or nothing
    enter_agent,
    other_event,
    unknown,
};

// Whether a message of that kind is a file, which its MediaId names.
constexpr bool is_file(InboundKind kind) noexcept {
    return kind == InboundKind::image || kind == InboundKind::voice || kind == InboundKind::video ||
           kind == InboundKind::file;
}

enum class Handling {
    agent,        // handed over
    passed_over,  // acknowledged, and nothing else
    noted,        // a line in the operator's log
    warned,       // a warning there: `meaning` says what to do
};

struct InboundRule {
    std::string_view msg_type;  // as WeCom writes it
    std::string_view event;     // of MsgType `event`: in lower case
    InboundKind kind = InboundKind::unknown;
    Handling handling = Handling::passed_over;
    std::string_view meaning;  // what has happened, in words for an operator
};

std::span<const InboundRule> inbound_rules() noexcept;

// `event` in lower case; it counts only where `msg_type` is `event`. Never fails: there is a rule
// for what is unknown.
const InboundRule& inbound_rule(std::string_view msg_type, std::string_view event) noexcept;

}  // namespace hermes::wecom
