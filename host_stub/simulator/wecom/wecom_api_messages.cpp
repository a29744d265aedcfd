// The calls about messages: message/send and update_template_card. With the mutex held.
#include <utility>

#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/wecom_api.hpp"
#include "simulator/wecom/wecom_api_exchange.hpp"
#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::size_t msgid_length = 48;
constexpr std::size_t response_code_length = 64;

std::string new_response_code() {
    return random_text(response_code_length);
}

std::vector<std::string> delivered_to(const std::vector<Recipient>& recipients) {
    std::vector<std::string> users;
    for (const auto& recipient : recipients) {
        if (recipient.fate == Fate::delivered) {
            users.push_back(recipient.user_id);
        }
    }
    return users;
}

std::string join(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids) {
        text.append(text.empty() ? "" : "|").append(id);
    }
    return text;
}

}  // namespace

std::optional<CardPress> WecomApi::press_card(const std::string& app, const std::string& user,
                                              std::string_view msgid, std::string_view label) {
    const std::lock_guard lock(mutex_);
    return cards_.press(app, user, msgid, label, options_.clock(), new_response_code);
}

void WecomApi::go_on_from(const Past& past) {
    const std::lock_guard lock(mutex_);
    menus_.go_on_from(world_, past.menus);
    for (const auto& [media_id, media] : past.media) {
        media_.put(media_id, media);
    }
    for (const auto& entry : past.entries) {
        if (entry.from == ChatEntry::From::app && entry.type == "template_card") {
            cards_.remember(entry.app, entry.content, entry.msgid, entry.user_id,
                            entry.card_label.empty() && entry.state != EntryState::recalled);
        } else if (entry.message && !entry.message->card.response_code.empty()) {
            cards_.remember_code(entry.app, entry.message->card.task_id,
                                 entry.message->card.response_code, entry.at);
        }
    }
}

http::HttpResponse WecomApi::send_message(Exchange& exchange) {
    exchange.errcode = exchange.send.errcode;
    if (exchange.errcode == errcode::ok && exchange.send.request.is_media) {
        exchange.errcode = find_media(exchange);
    }
    if (exchange.errcode != errcode::ok) {
        return refuse(exchange);
    }
    exchange.outcome =
        rules_.accept(world_, *exchange.app, exchange.send.request, exchange.request.body,
                      options_.clock(), [] { return random_text(msgid_length); });
    exchange.errcode = exchange.outcome.errcode;
    const auto response_code = exchange.errcode == errcode::ok ? keep_card(exchange) : "";
    if (exchange.errcode != errcode::ok) {
        return refuse(exchange);
    }
    json::object reply;
    reply["errcode"] = errcode::ok;
    reply["errmsg"] = "ok";
    reply["invaliduser"] = join(exchange.outcome.invalid_users);
    reply["invalidparty"] = join(exchange.outcome.invalid_parties);
    reply["invalidtag"] = join(exchange.outcome.invalid_tags);
    reply["unlicenseduser"] = "";
    reply["msgid"] = exchange.outcome.msgid;
    if (!response_code.empty()) {
        reply["response_code"] = response_code;
    }
    return json_response(reply);
}

// Of a card that members have got now: the code that changes it, if it has buttons that call back.
std::string WecomApi::keep_card(Exchange& exchange) {
    const auto& card = exchange.send.request;
    auto users = delivered_to(exchange.outcome.recipients);
    if (card.type != "template_card" || users.empty()) {
        return {};
    }
    const auto& app = exchange.app->name;
    if (cards_.knows(app, card.content)) {
        exchange.errcode = errcode::bad_task_id;
        exchange.outcome = {.errcode = exchange.errcode};
        return {};
    }
    return cards_.sent(app, card.content, exchange.outcome.msgid, std::move(users),
                       options_.clock(), new_response_code);
}

http::HttpResponse WecomApi::update_card(Exchange& exchange) {
    const auto& app = *exchange.app;
    const auto update =
        cards_.update(app.name, app.agent_id, exchange.request.body, options_.clock());
    exchange.errcode = update.errcode;
    if (exchange.errcode != errcode::ok) {
        return refuse(exchange);
    }
    for (const auto& user : update.users) {
        book_.close_card(update.msgid, user, update.label);
    }
    json::object reply;
    reply["errcode"] = errcode::ok;
    reply["errmsg"] = "ok";
    reply["invaliduser"] = json::array();
    return json_response(reply);
}

}  // namespace hermes::host::simulator
