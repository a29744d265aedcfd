#include "outgoing/question.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <set>
#include <utility>

#include "base/ascii.hpp"
#include "base/fnv1a.hpp"
#include "base/utf8.hpp"
#include "text/code_point.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {
namespace {

namespace json = boost::json;

constexpr std::string_view chinese_task = "hermes-zh-";
constexpr std::string_view english_task = "hermes-en-";

std::string in_quotes(std::string_view text) {
    constexpr std::size_t shown_bytes_max = 40;
    const auto shown = base::utf8_prefix(text, shown_bytes_max);
    return '"' + std::string(shown) + (shown.size() < text.size() ? "…\"" : "\"");
}

std::optional<std::string> problem_of(const Choice& choice) {
    if (choice.id.empty()) {
        return "the choice " + in_quotes(choice.label) + " has no id";
    }
    if (choice.id.size() > question_id_bytes_max) {
        return "the id of the choice " + in_quotes(choice.label) + " has " +
               std::to_string(choice.id.size()) + " bytes, " +
               std::to_string(question_id_bytes_max) + " at most";
    }
    if (text::is_blank(choice.label)) {
        return "the choice of id " + in_quotes(choice.id) + " has an empty label";
    }
    if (choice.label.size() > choice_label_bytes_max) {
        return "the label of the choice " + in_quotes(choice.id) + " has " +
               std::to_string(choice.label.size()) + " bytes, " +
               std::to_string(choice_label_bytes_max) + " at most";
    }
    return std::nullopt;
}

// A label as it is shown: one line, without what WeCom refuses.
std::string shown_label(const Choice& choice) {
    auto label = text::clean_text(choice.label);
    std::ranges::replace(label, '\n', ' ');
    std::ranges::replace(label, '\t', ' ');
    return std::string(base::trim(label));
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Full-width digits, which Chinese keyboards type, as those of ASCII.
std::string with_plain_digits(std::string_view text) {
    constexpr std::int32_t full_width_zero = 0xFF10;
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const auto next = base::code_point_at(text, at);
        const auto digit = next.value - full_width_zero;
        if (digit >= 0 && digit <= 9) {
            plain += static_cast<char>('0' + digit);
        } else {
            plain += text.substr(at, next.bytes);
        }
        at += next.bytes;
    }
    return plain;
}

std::string_view without_punctuation_behind(std::string_view number) {
    for (const std::string_view mark : {".", ")", "。", "、", "．", "）"}) {
        if (number.ends_with(mark)) {
            number.remove_suffix(mark.size());
            break;
        }
    }
    return number;
}

// Empty if there is none, which makes of a damaged memory a question that nothing answers.
std::string text_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

std::int64_t number_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? 0 : *number;
}

// The first line, and what follows it.
std::pair<std::string_view, std::string_view> first_line(std::string_view text) {
    const auto end = std::min(text.find('\n'), text.size());
    return {base::trim(text.substr(0, end)), base::trim(text.substr(end))};
}

std::string_view last_line(std::string_view text) {
    const auto before = text.rfind('\n');
    return before == std::string_view::npos ? text : base::trim(text.substr(before));
}

bool fit(const std::vector<std::string>& labels, std::size_t columns) {
    return std::ranges::all_of(labels, [columns](const std::string& label) {
        return text::display_width(label) <= columns;
    });
}

}  // namespace

std::optional<std::string> problem_of(const Question& question, std::string_view text) {
    if (question.id.empty()) {
        return "the question has no id";
    }
    if (question.id.size() > question_id_bytes_max) {
        return "the question's id has " + std::to_string(question.id.size()) + " bytes, " +
               std::to_string(question_id_bytes_max) + " at most";
    }
    if (text::is_blank(text)) {
        return "the question " + in_quotes(question.id) + " has no text that asks anything";
    }
    if (question.choices.empty() || question.choices.size() > choices_max) {
        return "the question " + in_quotes(question.id) + " has " +
               std::to_string(question.choices.size()) + " choices, and can have 1 to " +
               std::to_string(choices_max);
    }
    std::set<std::string> ids;
    std::set<std::string> labels;
    for (const auto& choice : question.choices) {
        if (auto problem = problem_of(choice)) {
            return problem;
        }
        if (!ids.insert(choice.id).second) {
            return "two choices have the id " + in_quotes(choice.id);
        }
        if (!labels.insert(base::lower(shown_label(choice))).second) {
            return "two choices have the label " + in_quotes(choice.label);
        }
    }
    return std::nullopt;
}

std::string to_json(const AskedQuestion& asked) {
    json::array choices;
    for (const auto& choice : asked.question.choices) {
        choices.push_back({{"id", choice.id}, {"label", shown_label(choice)}});
    }
    return json::serialize(
        json::object{{"task", asked.task_id},
                     {"question", asked.question.id},
                     {"choices", std::move(choices)},
                     {"chat", asked.chat},
                     {"asked_in", asked.asked_in},
                     {"language", asked.language == Language::chinese ? "zh" : "en"},
                     {"awaits", asked.awaits},
                     {"after", asked.after}});
}

std::string name_of_part(std::string_view request) {
    return std::to_string(base::fnv1a<std::uint64_t>(request));
}

std::optional<AskedQuestion> parse_asked_question(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* choices = object == nullptr ? nullptr : object->if_contains("choices");
    if (choices == nullptr || !choices->is_array()) {
        return std::nullopt;
    }
    AskedQuestion asked{
        .task_id = text_of(*object, "task"),
        .question = {.id = text_of(*object, "question"), .choices = {}},
        .chat = text_of(*object, "chat"),
        .asked_in = text_of(*object, "asked_in"),
        .language = text_of(*object, "language") == "zh" ? Language::chinese : Language::english,
        .awaits = text_of(*object, "awaits"),
        .after = number_of(*object, "after")};
    for (const auto& choice : choices->get_array()) {
        if (!choice.is_object()) {
            return std::nullopt;
        }
        asked.question.choices.push_back(
            {text_of(choice.get_object(), "id"), text_of(choice.get_object(), "label")});
    }
    return asked;
}

std::string make_task_id(Language language, std::string_view unique) {
    return std::string(language == Language::chinese ? chinese_task : english_task) +
           std::string(unique);
}

std::optional<Language> language_of_task_id(std::string_view task_id) {
    if (task_id.starts_with(chinese_task)) {
        return Language::chinese;
    }
    return task_id.starts_with(english_task) ? std::optional(Language::english) : std::nullopt;
}

std::string numbered_choices(const std::vector<Choice>& choices) {
    std::string lines;
    for (std::size_t n = 1; n <= choices.size(); ++n) {
        lines += (n == 1 ? "" : "\n") + std::to_string(n) + ". " + shown_label(choices[n - 1]);
    }
    return lines;
}

std::optional<std::size_t> choice_of_text(std::string_view text,
                                          const std::vector<Choice>& choices) {
    const auto said = base::trim(text);
    for (std::size_t n = 0; n < choices.size(); ++n) {
        if (base::equal_ignoring_case(said, shown_label(choices[n]))) {
            return n;
        }
    }
    const auto plain = with_plain_digits(without_punctuation_behind(said));
    std::size_t number = 0;
    const auto* end = plain.data() + plain.size();
    const auto [stop, error] = std::from_chars(plain.data(), end, number);
    const bool is_one =
        error == std::errc() && stop == end && number >= 1 && number <= choices.size();
    return is_one ? std::optional(number - 1) : std::nullopt;
}

PlannedCard plan_card(const AskedQuestion& asked, std::string_view plain_text, const UserId& user,
                      AgentId agent) {
    const auto& words = member_words(asked.language);
    std::vector<std::string> labels;
    for (const auto& choice : asked.question.choices) {
        labels.push_back(shown_label(choice));
    }
    const auto shape = labels.size() <= card_buttons_max && fit(labels, card_button_columns)
                           ? CardShape::buttons
                           : CardShape::list;
    PlannedCard planned{.card = {.shape = shape,
                                 .to_user = user,
                                 .agent = agent,
                                 .task_id = asked.task_id,
                                 .title = std::string(words.choose),
                                 .detail = {},
                                 .labels = std::move(labels),
                                 .submit = std::string(words.submit)}};
    auto& card = planned.card;
    planned.choices_go_before = !fit(card.labels, card_option_columns);
    const auto text = base::trim(plain_text);
    const auto [line, rest] = first_line(text);
    if (characters(line) <= card_title_characters(shape) &&
        characters(rest) <= card_detail_characters) {
        card.title = line;
        card.detail = rest;
    } else if (characters(text) <= card_detail_characters) {
        card.detail = text;
    } else {
        planned.text_goes_before = true;
        if (const auto asks = last_line(text); characters(asks) <= card_detail_characters) {
            card.detail = asks;
        }
    }
    return planned;
}

}  // namespace hermes::wecom
