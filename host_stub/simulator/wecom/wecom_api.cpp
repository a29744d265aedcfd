#include "simulator/wecom/wecom_api.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>

#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/relay.hpp"
#include "simulator/wecom/wecom_api_exchange.hpp"
#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::size_t access_token_length = 128;
constexpr std::size_t media_id_length = 64;
constexpr std::size_t hint_digits = 10;
constexpr std::chrono::hours recall_time{24};

// Whether the call does its work although the fault happens.
bool lets_work_happen(FaultKind kind) {
    return kind == FaultKind::drop_answer || kind == FaultKind::half_answer ||
           kind == FaultKind::hang || kind == FaultKind::wrong_length || kind == FaultKind::endless;
}

std::string_view mark_of(FaultKind kind) {
    switch (kind) {
        case FaultKind::drop_request:
        case FaultKind::drop_answer:
            return mark_drop;
        case FaultKind::half_answer:
            return mark_half;
        case FaultKind::hang:
            return mark_hang;
        case FaultKind::wrong_length:
            return mark_wrong_length;
        case FaultKind::endless:
            return mark_endless;
        default:
            return {};
    }
}

// What an operator does, and nobody's message.
bool is_operators(Call call) {
    return call == Call::get_menu || call == Call::create_menu || call == Call::delete_menu ||
           call == Call::get_agent || call == Call::recall_message;
}

StepKind step_of(Call call, int code) {
    if (call == Call::send_message) {
        return StepKind::message_sent;
    }
    return call == Call::get_token && code == errcode::ok ? StepKind::token_issued
                                                          : StepKind::api_called;
}

}  // namespace

WecomApi::WecomApi(const World& world, RecordBook& book, Options options)
    : world_(world),
      book_(book),
      options_(std::move(options)),
      rules_(options_.limits),
      faults_(options_.on_faults) {}

ApiAnswer WecomApi::answer(const ApiRequest& request) {
    const std::lock_guard lock(mutex_);
    auto exchange = read(request);
    const std::string app_name = exchange.app == nullptr ? "" : exchange.app->name;
    book_.count_call(exchange.call.call, app_name);
    const auto met = faults_.meet({.call = exchange.call.call,
                                   .app = app_name,
                                   .user_ids = split_recipients(exchange.send.request.to_user)});
    exchange.fault = met.fault;
    ApiAnswer answer{.response = {}, .delay = met.delay};
    if (!met.fault || lets_work_happen(met.fault->kind)) {
        answer.response = perform(exchange);
    } else {
        answer.response = fail(exchange);
    }
    record(exchange, answer.response);
    if (met.fault && !mark_of(met.fault->kind).empty()) {
        answer.response.headers.emplace_back(connection_mark, mark_of(met.fault->kind));
    }
    return answer;
}

std::string WecomApi::keep_media(Media media) {
    const std::lock_guard lock(mutex_);
    return keep(std::move(media));
}

std::optional<Media> WecomApi::media(std::string_view media_id) const {
    const std::lock_guard lock(mutex_);
    const auto* const found = media_.find(media_id, options_.clock());
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::map<std::string, json::object> WecomApi::menus() const {
    const std::lock_guard lock(mutex_);
    return menus_.all();
}

void WecomApi::revoke_access_token(const std::string& app, int code) {
    const std::lock_guard lock(mutex_);
    tokens_.revoke(app, code);
}

void WecomApi::set_access_token_lifetime(std::chrono::seconds lifetime) {
    const std::lock_guard lock(mutex_);
    options_.access_token_lifetime = lifetime;
}

WecomApi::Exchange WecomApi::read(const ApiRequest& request) const {
    Exchange exchange{.request = request, .call = parse_api_call(request.method, request.target)};
    if (exchange.call.call == Call::get_token) {
        find_caller(exchange);
    } else {
        find_bearer(exchange);
    }
    if (exchange.call.call == Call::send_message) {
        exchange.send = parse_send_request(request.body);
    }
    return exchange;
}

void WecomApi::find_caller(Exchange& exchange) const {
    const auto corp_id = exchange.call.parameter("corpid");
    const auto corp_secret = exchange.call.parameter("corpsecret");
    for (const auto& app : world_.apps) {
        if (app.corp_id == corp_id && app.corp_secret.expose_secret() == corp_secret) {
            exchange.app = &app;
            return;
        }
    }
    exchange.errcode = corp_id.empty()                        ? errcode::missing_corp_id
                       : corp_secret.empty()                  ? errcode::missing_secret
                       : world_.find_corp(corp_id) == nullptr ? errcode::invalid_corp_id
                                                              : errcode::invalid_secret;
}

void WecomApi::find_bearer(Exchange& exchange) const {
    const auto value = exchange.call.parameter("access_token");
    if (value.empty()) {
        exchange.errcode = errcode::missing_access_token;
        return;
    }
    const auto bearer = tokens_.check(value, options_.clock());
    exchange.app = world_.find_app(bearer.app);
    exchange.errcode = bearer.errcode;
}

http::HttpResponse WecomApi::perform(Exchange& exchange) {
    if (exchange.call.call == Call::other) {
        return {.status = 404, .body = "not found\n"};
    }
    if (exchange.errcode != errcode::ok) {
        return refuse(exchange);
    }
    switch (exchange.call.call) {
        case Call::get_token:
            return get_token(*exchange.app);
        case Call::send_message:
            return send_message(exchange);
        case Call::update_card:
            return update_card(exchange);
        case Call::upload_media:
            return upload_media(exchange);
        case Call::recall_message:
            return recall_message(exchange);
        case Call::get_agent:
            return answer_with(exchange, get_agent(world_, *exchange.app, exchange.call));
        case Call::get_user:
            return answer_with(exchange, get_user(world_, *exchange.app, exchange.call));
        case Call::get_menu:
            return answer_with(exchange, menus_.get(world_, *exchange.app, exchange.call));
        case Call::create_menu:
        case Call::delete_menu:
            return change_menu(exchange);
        default:
            return get_media(exchange);
    }
}

http::HttpResponse WecomApi::refuse(const Exchange& exchange) const {
    const auto hint =
        std::to_string(base::to_unix_ms(options_.clock())) + std::string(hint_digits, '0');
    return json_response(
        error_reply(exchange.errcode, exchange.errmsg, exchange.request.caller_ip, hint));
}

http::HttpResponse WecomApi::get_token(const App& app) {
    const auto issued = tokens_.issue(app.name, options_.clock(), options_.access_token_lifetime,
                                      [] { return random_text(access_token_length); });
    json::object reply;
    reply["errcode"] = errcode::ok;
    reply["errmsg"] = "ok";
    reply["access_token"] = issued.value;
    reply["expires_in"] = issued.expires_in_s;
    return json_response(reply);
}

// WeCom doc 90236: a media id serves messages of the type that it was uploaded as.
int WecomApi::find_media(Exchange& exchange) const {
    const auto& request = exchange.send.request;
    const auto* const media = media_.find(request.content, exchange.app->corp_id, options_.clock());
    if (media == nullptr || media->type != request.type) {
        return errcode::invalid_media_id;
    }
    exchange.file_name = media->file_name;
    return errcode::ok;
}

http::HttpResponse WecomApi::upload_media(Exchange& exchange) {
    auto media = parse_media_upload(exchange.request.content_type, exchange.request.body);
    const auto type = exchange.call.parameter("type");
    exchange.errcode = media ? check_media(type, *media) : errcode::empty_file;
    if (exchange.errcode != errcode::ok) {
        return refuse(exchange);
    }
    media->type = type;
    media->corp_id = exchange.app->corp_id;
    json::object reply;
    reply["errcode"] = errcode::ok;
    reply["errmsg"] = "ok";
    reply["type"] = media->type;
    reply["media_id"] = keep(std::move(*media));
    reply["created_at"] = std::to_string(base::to_unix_ms(options_.clock()) / 1000);
    return json_response(reply);
}

http::HttpResponse WecomApi::get_media(Exchange& exchange) const {
    const auto* const media =
        media_.find(exchange.call.parameter("media_id"), exchange.app->corp_id, options_.clock());
    if (media == nullptr) {
        exchange.errcode = errcode::invalid_media_id;
        return refuse(exchange);
    }
    http::HttpResponse response{
        .status = 200, .body = media->bytes, .content_type = media->content_type};
    response.headers.emplace_back("Content-disposition",
                                  "attachment; filename=\"" + media->file_name + "\"");
    return response;
}

http::HttpResponse WecomApi::change_menu(Exchange& exchange) {
    auto result = exchange.call.call == Call::create_menu
                      ? menus_.create(world_, *exchange.app, exchange.call, exchange.request.body)
                      : menus_.remove(world_, *exchange.app, exchange.call);
    if (result.errcode == errcode::ok && options_.on_menus) {
        options_.on_menus();
    }
    return answer_with(exchange, std::move(result));
}

// WeCom doc 94867: within a day, and by the app that sent it.
http::HttpResponse WecomApi::recall_message(Exchange& exchange) {
    boost::system::error_code problem;
    const auto body = json::parse(exchange.request.body, problem);
    if (problem || !body.is_object()) {
        return answer_with(exchange, {.errcode = errcode::malformed_json});
    }
    const auto msgid = text_member(body.get_object(), "msgid");
    const auto sent_at = book_.sent_at(exchange.app->name, msgid);
    if (msgid.empty() || !sent_at) {
        return answer_with(exchange, {.errcode = errcode::invalid_parameter});
    }
    if (options_.clock() - *sent_at > recall_time) {
        return answer_with(exchange, {.errcode = errcode::recalled_too_late});
    }
    book_.recall(exchange.app->name, msgid);
    cards_.recall(msgid);
    return answer_with(exchange, {});
}

http::HttpResponse WecomApi::answer_with(Exchange& exchange, CallResult result) const {
    exchange.errcode = result.errcode;
    if (exchange.errcode != errcode::ok) {
        return refuse(exchange);
    }
    result.members["errcode"] = errcode::ok;
    result.members["errmsg"] = "ok";
    return json_response(result.members);
}

http::HttpResponse WecomApi::fail(Exchange& exchange) const {
    const auto& fault = *exchange.fault;
    if (fault.kind == FaultKind::http_error) {
        return {.status = fault.http_status, .body = fault.text, .content_type = "text/html"};
    }
    exchange.errcode = fault.errcode;
    exchange.errmsg = fault.text;
    return refuse(exchange);
}

std::string WecomApi::keep(Media media) {
    auto id = random_text(media_id_length);
    media.stored_at = options_.clock();
    if (options_.on_media) {
        options_.on_media(id, media);
    }
    media_.put(id, std::move(media));
    return id;
}

void WecomApi::record(const Exchange& exchange, const http::HttpResponse& response) {
    const auto& [request, call, app, code, errmsg, send, outcome, file_name, fault] = exchange;
    const auto app_name = app == nullptr ? std::string() : app->name;
    const auto& to = send.request;
    const auto recipients = split_recipients(to.to_user);
    const auto user_id = recipients.size() == 1 ? recipients.front() : std::string();
    std::string summary(to_string(call.call));
    summary.append(fault ? " met the fault " : "").append(fault ? to_string(fault->kind) : "");
    if (code != errcode::ok) {
        summary.append(": ").append(std::to_string(code)).append(" ").append(error_words(code));
    }
    const bool is_media = call.call == Call::get_media && code == errcode::ok;
    book_.add_step({.kind = fault ? StepKind::fault_met : step_of(call.call, code),
                    .app = app_name,
                    .user_id = user_id,
                    .is_unprompted =
                        is_operators(call.call) || goes_to_many(to.to_user, to.to_party, to.to_tag),
                    .status = response.status,
                    .errcode = code,
                    .summary = std::move(summary),
                    .request = mask_request(request.method, request.target, request.body),
                    .response = is_media ? "(media)" : mask_response(response.body)});
    if (call.call == Call::send_message) {
        book_.add_send(app, {.app = app_name,
                             .to_user = send.request.to_user,
                             .to_party = send.request.to_party,
                             .to_tag = send.request.to_tag,
                             .type = send.request.type,
                             .content = send.request.content,
                             .file_name = file_name,
                             .sent_bytes = send.request.sent_bytes,
                             .cut = send.request.cut,
                             .checks_duplicates = send.request.checks_duplicates,
                             .errcode = code,
                             .msgid = outcome.msgid,
                             .recipients = outcome.recipients,
                             .fault = fault ? std::string(to_string(fault->kind)) : "",
                             .request_body = std::string(request.body)});
    }
}

}  // namespace hermes::host::simulator
