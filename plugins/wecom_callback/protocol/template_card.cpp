#include "protocol/template_card.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "protocol/inbound.hpp"

namespace hermes::wecom {
namespace {

namespace json = boost::json;

constexpr const char* list_key = "choice";
constexpr const char* submit_key = "submit";
constexpr std::string_view closing_mark = "update_template_card\n";  // then the body

json::object titled(const QuestionCard& card) {
    json::object title{{"title", card.title}};
    if (!card.detail.empty() && card.shape == CardShape::list) {
        title["desc"] = card.detail;
    }
    return title;
}

// The first of the buttons stands out (style 1).
json::array buttons(const std::vector<std::string>& labels) {
    json::array list;
    for (std::size_t n = 1; n <= labels.size(); ++n) {
        list.push_back(
            {{"text", labels[n - 1]}, {"style", n == 1 ? 1 : 2}, {"key", std::to_string(n)}});
    }
    return list;
}

json::object checkbox(const std::vector<std::string>& labels) {
    json::array options;
    for (std::size_t n = 1; n <= labels.size(); ++n) {
        options.push_back(
            {{"id", std::to_string(n)}, {"text", labels[n - 1]}, {"is_checked", false}});
    }
    return {{"question_key", list_key}, {"mode", 0}, {"option_list", std::move(options)}};
}

const json::object* member(const json::object* object, const char* name) {
    const auto* value = object == nullptr ? nullptr : object->if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::string_view text(const json::object* object, const char* name) {
    const auto* value = object == nullptr ? nullptr : object->if_contains(name);
    const auto* string = value == nullptr ? nullptr : value->if_string();
    return string == nullptr ? std::string_view() : std::string_view(*string);
}

void append_line(std::string& lines, std::string_view line) {
    if (!line.empty()) {
        lines += lines.empty() ? "" : "\n";
        lines += line;
    }
}

std::string bracketed(std::string_view label) {
    return '[' + std::string(label) + ']';
}

void append_options(std::string& lines, const json::object* holder, const char* list) {
    const auto* value = holder == nullptr ? nullptr : holder->if_contains(list);
    if (value != nullptr && value->is_array()) {
        for (const auto& option : value->get_array()) {
            append_line(lines, bracketed(text(option.if_object(), "text")));
        }
    }
}

std::optional<std::size_t> option_of(std::string_view key, std::size_t options) {
    std::size_t number = 0;
    const auto end = key.data() + key.size();
    const auto [stop, error] = std::from_chars(key.data(), end, number);
    const bool is_one = error == std::errc() && stop == end && number >= 1 && number <= options;
    return is_one ? std::optional(number - 1) : std::nullopt;
}

}  // namespace

std::string format_question_card(const QuestionCard& card) {
    const bool has_buttons = card.shape == CardShape::buttons;
    json::object body{{"card_type", has_buttons ? "button_interaction" : "vote_interaction"},
                      {"main_title", titled(card)},
                      {"task_id", card.task_id}};
    if (has_buttons) {
        if (!card.detail.empty()) {
            body["sub_title_text"] = card.detail;
        }
        body["button_list"] = buttons(card.labels);
    } else {
        body["checkbox"] = checkbox(card.labels);
        body["submit_button"] = json::object{{"text", card.submit}, {"key", submit_key}};
    }
    return json::serialize(json::object{{"touser", card.to_user.str()},
                                        {"msgtype", "template_card"},
                                        {"agentid", card.agent.number()},
                                        {"template_card", std::move(body)}});
}

std::optional<std::string> shown_card(std::string_view parcel) {
    const auto closing = card_closing_body(parcel);
    boost::system::error_code error;
    const auto value = json::parse(closing.value_or(parcel), error);
    const auto* body = error ? nullptr : value.if_object();
    std::string lines;
    if (closing) {
        append_line(lines, bracketed(text(member(body, "button"), "replace_name")));
        return lines;
    }
    const auto* card = member(body, "template_card");
    if (card == nullptr) {
        return std::nullopt;
    }
    const auto* title = member(card, "main_title");
    append_line(lines, text(title, "title"));
    append_line(lines, text(title, "desc"));
    append_line(lines, text(card, "sub_title_text"));
    append_options(lines, card, "button_list");
    append_options(lines, member(card, "checkbox"), "option_list");
    return lines;
}

std::optional<std::size_t> chosen_option(const CardAnswer& answer, std::string_view event_key,
                                         std::size_t options) {
    if (answer.selections.empty()) {
        return option_of(event_key, options);
    }
    const auto& selected = answer.selections.front().option_ids;
    const bool is_one = answer.selections.size() == 1 && selected.size() == 1;
    return is_one ? option_of(selected.front(), options) : std::nullopt;
}

std::string format_card_closing(const CardClosing& closing) {
    return std::string(closing_mark) +
           json::serialize(json::object{{"userids", json::array{closing.user.str()}},
                                        {"agentid", closing.agent.number()},
                                        {"response_code", closing.response_code},
                                        {"button", json::object{{"replace_name", closing.label}}}});
}

std::optional<std::string_view> card_closing_body(std::string_view parcel) noexcept {
    return parcel.starts_with(closing_mark) ? std::optional(parcel.substr(closing_mark.size()))
                                            : std::nullopt;
}

}  // namespace hermes::wecom
