// The decrypted XML of a callback as a message: WeCom doc 90239 (messages), 90240 (events).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "protocol/identity.hpp"
#include "protocol/inbound_kinds.hpp"

namespace hermes::wecom {

// How a member has answered a card: WeCom doc 90240, template_card_event and
// template_card_menu_event. The key of the button that was pressed is InboundMessage::event_key.
struct CardAnswer {
    // What was selected in one of the card's lists.
    struct Selection {
        std::string question_key;
        std::vector<std::string> option_ids;
    };
    std::string task_id;        // what the card was called when it was sent
    std::string card_type;      // button_interaction, vote_interaction ...
    std::string response_code;  // lets the card be changed: once, for 72 hours (doc 94888)
    std::vector<Selection> selections;
};

struct InboundMessage {
    InboundKind kind = InboundKind::unknown;
    std::string msg_type;            // as sent: "text", "event", or one we do not know yet
    CorpId to_corp;                  // ToUserName
    UserId from_user;                // FromUserName
    std::optional<AgentId> agent;    // AgentID; absent (or 0) in events that belong to no app
    std::string msg_id;              // MsgId as digits; empty for events
    std::int64_t create_time_s = 0;  // CreateTime, Unix seconds
    std::string event;               // Event, lower case
    std::string event_key;           // EventKey
    std::string text;                // Content, with surrounding white space removed
    std::string media_id;            // MediaId of image, voice, video, file
    std::string file_name;           // FileName of file, as the member named it
    std::string url;                 // PicUrl of image, Url of link
    std::optional<CardAnswer> card;  // of card_answer and card_menu_choice
    // Every leaf of the document, for what has no member of its own.
    std::vector<std::pair<std::string, std::string>> fields;

    std::string_view field(std::string_view path) const noexcept;  // empty if absent
};

// Errors: not_xml, forbidden_xml, missing_field, bad_identifier, bad_timestamp.
base::Result<InboundMessage> parse_inbound(std::string_view xml);

}  // namespace hermes::wecom
