// A question as a template card, and the card once it is answered. WeCom doc 90236
// (message/send), 94888 (update_template_card).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/identity.hpp"

namespace hermes::wecom {

// WeCom doc 90236. What is longer than a client shows is cut by the client, with an ellipsis.
inline constexpr std::size_t card_buttons_max = 6;      // of a button_interaction
inline constexpr std::size_t card_list_max = 20;        // options of a vote_interaction
inline constexpr std::size_t card_button_columns = 20;  // shown of a button: 10 Chinese characters
inline constexpr std::size_t card_option_columns = 34;  // shown of an option of a list
inline constexpr std::size_t card_detail_characters = 160;
// Of a choice, on a card or not. Ours: a client shows about as much.
inline constexpr std::size_t choice_label_bytes_max = 128;

enum class CardShape {
    buttons,  // button_interaction: a press is the answer
    list,     // vote_interaction: select one, then submit
};

constexpr std::size_t card_title_characters(CardShape shape) noexcept {
    return shape == CardShape::buttons ? 36 : 16;
}

struct QuestionCard {
    CardShape shape = CardShape::buttons;
    UserId to_user;
    AgentId agent;
    std::string task_id;  // up to 128 of 0-9 A-Z a-z _ - @; never used twice in an app
    std::string title;
    std::string detail{};             // empty: none
    std::vector<std::string> labels;  // option n has the key n, from 1 on
    std::string submit{};             // of a list: what its button says
};
// The request of message/send, without the duplicate check.
std::string format_question_card(const QuestionCard& card);
// What the member is shown of such a parcel: title, detail, and a line for each option; the label
// that takes their place. Nothing if it is another kind of message.
std::optional<std::string> shown_card(std::string_view parcel);

// The option that a card's answer names, from 0 on: by the button's key, or by what was selected in
// the list. Nothing if it names none, or more than one.
struct CardAnswer;
std::optional<std::size_t> chosen_option(const CardAnswer& answer, std::string_view event_key,
                                         std::size_t options);

// The card of one member gets a grey label in place of its buttons. The code is one press's own:
// it works once, and for 72 hours.
struct CardClosing {
    UserId user;
    AgentId agent;
    std::string response_code;
    std::string label;
};
// As a parcel, which tells itself from a message that is to be sent.
std::string format_card_closing(const CardClosing& closing);
// The body of message/update_template_card in such a parcel; nothing if it is a message.
std::optional<std::string_view> card_closing_body(std::string_view parcel) noexcept;

}  // namespace hermes::wecom
