#include "simulator/wecom/card_table.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <utility>

#include "base/ascii.hpp"
#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::size_t task_id_bytes_max = 128;
constexpr std::size_t key_bytes_max = 1024;
constexpr std::size_t option_id_bytes_max = 128;
constexpr std::size_t buttons_max = 6;
constexpr std::size_t options_max = 20;

std::optional<json::object> object_of(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    return !error && value.is_object() ? std::optional(std::move(value.get_object()))
                                       : std::nullopt;
}

json::object member(const json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

std::vector<json::object> objects(const json::object& object, std::string_view name) {
    std::vector<json::object> list;
    const auto* const value = object.if_contains(name);
    if (value != nullptr && value->is_array()) {
        for (const auto& item : value->get_array()) {
            list.push_back(item.is_object() ? item.get_object() : json::object());
        }
    }
    return list;
}

std::vector<std::string> texts(const json::object& object, std::string_view name) {
    std::vector<std::string> list;
    const auto* const value = object.if_contains(name);
    if (value != nullptr && value->is_array()) {
        for (const auto& item : value->get_array()) {
            list.emplace_back(item.is_string() ? item.get_string().c_str() : "");
        }
    }
    return list;
}

bool is_task_id(std::string_view text) {
    return !text.empty() && text.size() <= task_id_bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return base::is_letter_or_digit(c) || c == '_' || c == '-' || c == '@';
           });
}

// Every item has `key` and a text, and no key comes twice.
bool are_sound(const std::vector<json::object>& items, std::string_view key,
               std::size_t bytes_max) {
    std::set<std::string> keys;
    return std::all_of(items.begin(), items.end(), [&](const json::object& item) {
        const auto name = text_member(item, key);
        return !name.empty() && name.size() <= bytes_max && !text_member(item, "text").empty() &&
               keys.insert(name).second;
    });
}

int check_buttons(const json::object& card) {
    const auto buttons = objects(card, "button_list");
    if (buttons.empty() || buttons.size() > buttons_max) {
        return errcode::bad_card_list;
    }
    return are_sound(buttons, "key", key_bytes_max) ? errcode::ok : errcode::bad_card_button;
}

int check_list(const json::object& card) {
    const auto checkbox = member(card, "checkbox");
    if (text_member(checkbox, "question_key").empty()) {
        return errcode::missing_question_key;
    }
    const auto options = objects(checkbox, "option_list");
    if (options.empty() || options.size() > options_max) {
        return errcode::bad_card_list;
    }
    if (!are_sound(options, "id", option_id_bytes_max)) {
        return errcode::bad_card_option;
    }
    const auto submit = member(card, "submit_button");
    return text_member(submit, "key").empty() ? errcode::missing_submit_key : errcode::ok;
}

std::map<std::string, std::string> keys_of(const json::object& card) {
    std::map<std::string, std::string> keys;
    for (const auto& button : objects(card, "button_list")) {
        keys[text_member(button, "text")] = text_member(button, "key");
    }
    for (const auto& option : objects(member(card, "checkbox"), "option_list")) {
        keys[text_member(option, "text")] = text_member(option, "id");
    }
    return keys;
}

bool calls_back(std::string_view type) {
    return type == "button_interaction" || type == "vote_interaction" ||
           type == "multiple_interaction";
}

}  // namespace

int CardTable::check(std::string_view text) {
    static constexpr std::array<std::string_view, 5> types{"text_notice", "news_notice",
                                                           "button_interaction", "vote_interaction",
                                                           "multiple_interaction"};
    const auto card = object_of(text).value_or(json::object());
    const auto type = text_member(card, "card_type");
    if (std::find(types.begin(), types.end(), type) == types.end()) {
        return errcode::bad_card_type;
    }
    if (type != "text_notice" && text_member(member(card, "main_title"), "title").empty()) {
        return errcode::missing_card_title;
    }
    if (!calls_back(type)) {
        return errcode::ok;
    }
    if (!is_task_id(text_member(card, "task_id"))) {
        return errcode::bad_task_id;
    }
    return type == "button_interaction" ? check_buttons(card)
           : type == "vote_interaction" ? check_list(card)
                                        : errcode::ok;
}

bool CardTable::knows(const std::string& app, std::string_view text) const {
    const auto task_id = text_member(object_of(text).value_or(json::object()), "task_id");
    return std::any_of(cards_.begin(), cards_.end(), [&](const auto& entry) {
        return entry.second.app == app && entry.second.task_id == task_id;
    });
}

std::string CardTable::sent(const std::string& app, std::string_view text, const std::string& msgid,
                            std::vector<std::string> users, base::WallTime now,
                            const MakeCode& make) {
    auto card = read(app, text);
    if (!card) {
        return {};
    }
    for (auto& user : users) {
        card->is_open[std::move(user)] = true;
    }
    cards_[msgid] = std::move(*card);
    return make_code(msgid, now, make);
}

// Nothing if it does not call back.
std::optional<CardTable::Card> CardTable::read(const std::string& app, std::string_view text) {
    const auto card = object_of(text).value_or(json::object());
    if (!calls_back(text_member(card, "card_type"))) {
        return std::nullopt;
    }
    return Card{.app = app,
                .task_id = text_member(card, "task_id"),
                .type = text_member(card, "card_type"),
                .question_key = text_member(member(card, "checkbox"), "question_key"),
                .submit_key = text_member(member(card, "submit_button"), "key"),
                .keys = keys_of(card),
                .is_open = {}};
}

void CardTable::remember(const std::string& app, std::string_view text, const std::string& msgid,
                         const std::string& user, bool is_open) {
    if (auto card = read(app, text)) {
        const auto kept = cards_.try_emplace(msgid, std::move(*card)).first;
        kept->second.is_open[user] = is_open;
    }
}

void CardTable::remember_code(const std::string& app, std::string_view task_id,
                              const std::string& code, base::WallTime made_at) {
    const auto card = std::ranges::find_if(cards_, [&](const auto& kept) {
        return kept.second.app == app && kept.second.task_id == task_id;
    });
    if (card != cards_.end()) {
        codes_[code] = {.msgid = card->first, .made_at = made_at};
    }
}

std::optional<CardPress> CardTable::press(const std::string& app, const std::string& user,
                                          std::string_view msgid, std::string_view label,
                                          base::WallTime now, const MakeCode& make) {
    const auto found = cards_.find(msgid);
    if (found == cards_.end() || found->second.app != app) {
        return std::nullopt;
    }
    const auto& card = found->second;
    const auto copy = card.is_open.find(user);
    const auto key = card.keys.find(std::string(label));
    if (copy == card.is_open.end() || !copy->second || key == card.keys.end()) {
        return std::nullopt;
    }
    CardPress press{.key = key->second,
                    .task_id = card.task_id,
                    .card_type = card.type,
                    .response_code = make_code(found->first, now, make),
                    .question_key = card.question_key};
    if (!card.question_key.empty()) {
        press.option_ids = {std::exchange(press.key, card.submit_key)};
    }
    return press;
}

void CardTable::recall(const std::string& msgid) {
    if (const auto found = cards_.find(msgid); found != cards_.end()) {
        for (auto& [user, is_open] : found->second.is_open) {
            is_open = false;
        }
    }
}

CardTable::Update CardTable::update(const std::string& app, std::int64_t agent_id,
                                    std::string_view text, base::WallTime now) {
    const auto body = object_of(text);
    if (!body) {
        return {.errcode = errcode::malformed_json};
    }
    const auto* const agent = body->if_contains("agentid");
    if (agent == nullptr || !agent->is_int64() || agent->get_int64() != agent_id) {
        return {.errcode = errcode::invalid_agent_id};
    }
    const auto found = codes_.find(text_member(*body, "response_code"));
    if (found == codes_.end() || now - found->second.made_at >= response_code_lifetime) {
        return {.errcode = errcode::spent_response_code};
    }
    const auto named = texts(*body, "userids");
    if (named.empty()) {
        return {.errcode = errcode::nobody_to_update};
    }
    auto& card = cards_.at(found->second.msgid);
    Update update{.msgid = found->second.msgid,
                  .label = text_member(member(*body, "button"), "replace_name")};
    if (card.app != app) {
        return {.errcode = errcode::spent_response_code};
    }
    if (update.label.empty()) {
        return {.errcode = errcode::missing_replace_name};
    }
    for (auto& [user, is_open] : card.is_open) {
        if (std::any_of(named.begin(), named.end(),
                        [&user = user](const auto& name) { return same_user_id(name, user); })) {
            is_open = false;
            update.users.push_back(user);
        }
    }
    if (update.users.empty()) {
        return {.errcode = errcode::not_a_recipient};
    }
    codes_.erase(found);
    return update;
}

std::string CardTable::make_code(const std::string& msgid, base::WallTime now,
                                 const MakeCode& make) {
    auto code = make();
    codes_[code] = {.msgid = msgid, .made_at = now};
    return code;
}

}  // namespace hermes::host::simulator
