// A question with choices: whether it can be asked, what is remembered of it, and what answers it.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hermes/message.hpp"
#include "outgoing/member_words.hpp"
#include "protocol/template_card.hpp"

namespace hermes::wecom {

inline constexpr std::size_t choices_max = card_list_max;
inline constexpr std::size_t question_id_bytes_max = 512;  // of a question, and of a choice

// What is wrong with a question, in a sentence that begins with what it is about.
std::optional<std::string> problem_of(const Question& question, std::string_view text);

// What is remembered of a question while it can be answered.
struct AskedQuestion {
    std::string task_id;  // unique in the app
    Question question;
    std::string chat;      // `corp:user` of whom it was put to, folded
    std::string asked_in;  // the event that the message answered; empty: none
    Language language = Language::english;
    // Of one in numbered lines: the part that asks it (name_of_part), until that is delivered, and
    // the newest event before it went: only a later one can answer it.
    std::string awaits{};
    std::int64_t after = 0;
};
// Equal requests have equal names.
std::string name_of_part(std::string_view request);
std::string to_json(const AskedQuestion& asked);
std::optional<AskedQuestion> parse_asked_question(std::string_view json);

// A task id of ours tells itself from those of other programs that send cards through the same app,
// and which language to use once nothing else is remembered. `unique` is of 0-9 and a-f.
std::string make_task_id(Language language, std::string_view unique);
std::optional<Language> language_of_task_id(std::string_view task_id);  // none: not one of ours

// The choices as lines, numbered from 1 on.
std::string numbered_choices(const std::vector<Choice>& choices);
// Which of them a text is: its label, in any case of ASCII letters, or its number, also in
// full-width digits and with a full stop or bracket behind it. A label comes first.
std::optional<std::size_t> choice_of_text(std::string_view text,
                                          const std::vector<Choice>& choices);

// The card of a question.
struct PlannedCard {
    QuestionCard card;
    // The text is too long for a card: only its last line is on it.
    bool text_goes_before = false;
    // A label is longer than clients show: it is to be read before the card.
    bool choices_go_before = false;
};
PlannedCard plan_card(const AskedQuestion& asked, std::string_view plain_text, const UserId& user,
                      AgentId agent);

}  // namespace hermes::wecom
