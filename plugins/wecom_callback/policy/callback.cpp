#include "policy/callback.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/ascii.hpp"
#include "policy/duplicate_key.hpp"
#include "protocol/callback_query.hpp"
#include "protocol/envelope.hpp"
#include "protocol/template_card.hpp"

namespace hermes::wecom {
namespace {

using boost::system::error_code;
using Time = std::chrono::system_clock::time_point;

enum Status : unsigned { ok = 200, bad_request = 400, forbidden = 403, method_not_allowed = 405 };

// What a stranger may learn: which step failed, and nothing about this server's apps.
constexpr std::string_view verification_failed = "signature verification failed\n";
constexpr std::string_view invalid_payload = "invalid callback payload\n";
constexpr std::string_view acknowledgement = "success";  // WeCom doc 90238: or an empty body

Respond refuse(Status status, error_code error, AppPtr app = nullptr) {
    return {.status = status,
            .body = std::string(status == forbidden ? verification_failed : invalid_payload),
            .verdict = Verdict::refused,
            .error = error,
            .app = std::move(app)};
}

Respond acknowledge(Verdict verdict, AppPtr app) {
    return {.status = ok,
            .body = std::string(acknowledgement),
            .verdict = verdict,
            .app = std::move(app)};
}

// Asked only of signed requests, so that a wrong clock can be told from a wrong token.
error_code check_age(std::int64_t sent_at_s, Time now) {
    using std::chrono::floor;
    using std::chrono::seconds;
    const auto now_s = floor<seconds>(now).time_since_epoch().count();
    // Compared this way round, since a hostile timestamp must not overflow.
    if (sent_at_s < now_s - seconds(callback_age_max).count()) {
        return CallbackError::too_old;
    }
    if (sent_at_s > now_s + seconds(callback_lead_max).count()) {
        return CallbackError::too_new;
    }
    return {};
}

error_code check_age(std::string_view timestamp, Time now) {
    std::int64_t sent_at_s = 0;
    const auto* end = timestamp.data() + timestamp.size();
    const auto [rest, error] = std::from_chars(timestamp.data(), end, sent_at_s);
    if (error != std::errc{} || rest != end) {
        return CallbackError::bad_timestamp;
    }
    return check_age(sent_at_s, now);
}

// --- GET: URL verification ----------------------------------------------------------------------

// What WeCom sends there. Signature and encryption are those of a callback: whatever else is inside
// may be somebody's message, which is not decrypted for whoever has captured it.
bool is_echo(std::string_view text) noexcept {
    constexpr std::size_t longest = 64;
    return !text.empty() && text.size() <= longest &&
           std::ranges::all_of(text, base::is_letter_or_digit);
}

// What a browser shows to who looks whether the URL is the right one. It names no app.
constexpr std::string_view introduction =
    "This is the callback URL of a WeCom app: enter it in the admin console, on the app's page "
    "under Receive Messages > Set up API reception, and save it there.\n"
    "这是企业微信应用的回调 URL：请在管理后台该应用的“接收消息 > 设置API接收”中填写并保存。\n";

Respond verify_url(std::string_view target, const Apps& apps, Time now) {
    if (target.find('?') == std::string_view::npos) {
        return {.status = ok, .body = std::string(introduction), .verdict = Verdict::introduced};
    }
    const auto query = parse_callback_query(target);
    if (!query) {
        return refuse(forbidden, query.error());
    }
    if (query->msg_signature.empty() || query->timestamp.empty() || query->nonce.empty() ||
        query->echostr.empty()) {
        return refuse(forbidden, CallbackError::missing_parameter);
    }
    auto refusal = refuse(forbidden, CallbackError::bad_signature);
    refusal.addressee.app = apps.size() == 1 ? *apps.begin() : nullptr;
    for (const auto& app : apps) {
        if (!signature_matches(query->msg_signature, app->callback_token, query->timestamp,
                               query->nonce, query->echostr)) {
            continue;
        }
        if (const auto error = check_age(query->timestamp, now)) {
            return refuse(forbidden, error, app);
        }
        auto echo = decrypt(app->key, query->echostr, app->corp.str());
        if (echo && is_echo(*echo)) {
            return {
                .status = ok, .body = std::move(*echo), .verdict = Verdict::verified, .app = app};
        }
        refusal = refuse(forbidden, echo ? CallbackError::not_an_echo : echo.error(), app);
    }
    return refusal;
}

// --- POST: a callback ---------------------------------------------------------------------------

// The envelope is not signed: what it says only narrows the search.
std::vector<AppPtr> addressed_apps(const Envelope& envelope, const Apps& apps) {
    const auto corp = CorpId::parse(envelope.to_user_name);
    if (!corp) {
        return {};
    }
    if (envelope.agent_id.empty() || envelope.agent_id == "0") {  // an event that is of no app
        return apps.of_corp(*corp);
    }
    const auto agent = AgentId::parse(envelope.agent_id);
    auto app = agent ? apps.find(*corp, *agent) : nullptr;
    return app ? std::vector{std::move(app)} : std::vector<AppPtr>();
}

struct SignedApps {
    std::vector<AppPtr> apps;  // addressed, and the signature is that of their token
    std::size_t addressed = 0;
    AppPtr addressee{};  // one that was
};

SignedApps find_signed_apps(const Envelope& envelope, const CallbackQuery& query,
                            const Apps& apps) {
    SignedApps found{.apps = addressed_apps(envelope, apps)};
    found.addressed = found.apps.size();
    found.addressee = found.apps.empty() ? nullptr : found.apps.front();
    std::erase_if(found.apps, [&](const AppPtr& app) {
        return !signature_matches(query.msg_signature, app->callback_token, query.timestamp,
                                  query.nonce, envelope.encrypt);
    });
    return found;
}

struct Opened {
    AppPtr app;
    std::string xml;
    InboundMessage message;
    bool is_of_several = false;  // `app` is one of them
};

base::Result<Opened> open_for(const AppPtr& app, const Envelope& envelope) {
    auto xml = decrypt(app->key, envelope.encrypt, app->corp.str());
    if (!xml) {
        return xml.error();
    }
    auto message = parse_inbound(*xml);
    if (!message) {
        return message.error();
    }
    if (message->to_corp != app->corp || (message->agent && *message->agent != app->agent)) {
        return error_code(CallbackError::wrong_app);
    }
    return Opened{app, std::move(*xml), std::move(*message)};
}

// Several apps remain only where they share a token and the envelope names none of them; then the
// AgentID inside decides. Where that is absent too, none is as good as another: an event is of no
// app then, and a message is nobody's.
base::Result<Opened> open_callback(const Envelope& envelope,
                                   const std::vector<AppPtr>& candidates) {
    if (candidates.size() == 1) {
        return open_for(candidates.front(), envelope);
    }
    base::Result<Opened> outcome = error_code(CallbackError::wrong_app);
    std::size_t opened = 0;
    for (const auto& app : candidates) {
        auto attempt = open_for(app, envelope);
        if (attempt || opened == 0) {
            opened += attempt ? 1 : 0;
            outcome = std::move(attempt);
        }
    }
    if (opened > 1 && outcome->message.msg_type != "event") {
        return error_code(CallbackError::wrong_app);
    }
    if (outcome) {
        outcome->is_of_several = opened > 1;
    }
    return outcome;
}

bool is_blank(std::string_view text) noexcept {
    constexpr std::string_view ideographic_space =
        "\xe3\x80\x80";  // U+3000, from Chinese keyboards
    while (!text.empty()) {
        if (text.starts_with(ideographic_space)) {
            text.remove_prefix(ideographic_space.size());
        } else if (static_cast<unsigned char>(text.front()) <= ' ') {
            text.remove_prefix(1);
        } else {
            return false;
        }
    }
    return true;
}

// A blank text asks nothing, and a menu entry without a key names nothing.
bool says_something(const InboundMessage& message) {
    switch (message.kind) {
        case InboundKind::text:
            return !is_blank(message.text);
        case InboundKind::click:
            return !message.event_key.empty();
        default:
            return true;
    }
}

Verdict verdict_on(const InboundRule& rule) {
    switch (rule.handling) {
        case Handling::noted:
            return Verdict::noted;
        case Handling::warned:
            return Verdict::warned;
        case Handling::agent:
        case Handling::passed_over:
            break;
    }
    return rule.kind == InboundKind::unknown ? Verdict::unknown : Verdict::ignored;
}

// Acknowledges, and tells what it was.
Respond keep_from_agent(Verdict verdict, Opened&& opened, const InboundRule& rule) {
    auto response = acknowledge(verdict, std::move(opened.app));
    const auto& message = opened.message;
    response.sender = ChatAddress{message.to_corp, message.from_user};
    response.kind_name = message.msg_type;
    if (message.msg_type == "event") {
        response.kind_name += "/" + message.event;
    }
    response.kind = rule.kind;
    response.meaning = rule.meaning;
    return response;
}

CallbackDecision dispose(Opened&& opened) {
    const auto& message = opened.message;
    const auto& rule = inbound_rule(message.msg_type, message.event);
    const bool is_admitted = opened.app->access.admits(message.from_user);
    if (opened.is_of_several) {
        return keep_from_agent(verdict_on(rule), std::move(opened), rule);
    }
    if (rule.kind == InboundKind::enter_agent && is_admitted) {
        return keep_from_agent(Verdict::entered, std::move(opened), rule);
    }
    if (rule.handling != Handling::agent || !says_something(message)) {
        return keep_from_agent(verdict_on(rule), std::move(opened), rule);
    }
    if (!is_admitted) {
        return keep_from_agent(Verdict::forbidden, std::move(opened), rule);
    }
    auto key = duplicate_key(message, opened.app->agent);
    return Accept{.app = std::move(opened.app),
                  .message = std::move(opened.message),
                  .xml = std::move(opened.xml),
                  .duplicate_key = std::move(key)};
}

// The signature and the encryption are right, so it is WeCom's, but there is no message in it: an
// event without a sender, for one (kf_msg_or_event, doc 94699). Refused, it would come again.
bool is_of_no_use(error_code error) {
    return error == CallbackError::missing_field || error == CallbackError::bad_identifier;
}

CallbackDecision take_callback(const CallbackRequest& request, const Apps& apps, Time now) {
    const auto query = parse_callback_query(request.target);
    if (!query) {
        return refuse(bad_request, query.error());
    }
    if (query->msg_signature.empty() || query->timestamp.empty() || query->nonce.empty()) {
        return refuse(bad_request, CallbackError::missing_parameter);
    }
    const auto envelope = parse_envelope(request.body);
    if (!envelope) {
        return refuse(bad_request, envelope.error());
    }
    const auto found = find_signed_apps(*envelope, *query, apps);
    if (found.apps.empty()) {
        auto refusal = refuse(forbidden, found.addressed > 0 ? CallbackError::bad_signature
                                                             : CallbackError::no_such_app);
        refusal.addressee = {.app = found.addressed == 1 ? found.addressee : nullptr,
                             .corp_id = envelope->to_user_name,
                             .agent_id = envelope->agent_id};
        return refusal;
    }
    const auto& signed_app = found.apps.front();
    if (const auto error = check_age(query->timestamp, now)) {
        const bool malformed = error == CallbackError::bad_timestamp;
        return refuse(malformed ? bad_request : forbidden, error, signed_app);
    }
    auto opened = open_callback(*envelope, found.apps);
    if (!opened) {
        if (is_of_no_use(opened.error())) {
            auto response = acknowledge(Verdict::unknown, signed_app);
            response.error = opened.error();
            return response;
        }
        return refuse(bad_request, opened.error(), signed_app);
    }
    // The signature sorts its parts, so `timestamp` and `nonce` can be swapped without breaking it:
    // a captured callback would come to life at the second that its nonce names. CreateTime is
    // inside of what is signed.
    if (const auto error = check_age(opened->message.create_time_s, now)) {
        return refuse(forbidden, error, opened->app);
    }
    return dispose(std::move(*opened));
}

}  // namespace

bool may_answer(const App& app, const InboundMessage& message) noexcept {
    return message.kind == InboundKind::card_answer ||
           (message.kind == InboundKind::text && app.choices == ChoiceStyle::text &&
            message.text.size() <= choice_label_bytes_max);
}

CallbackDecision decide_callback(const CallbackRequest& request, const Apps& apps, Time now) {
    if (request.method == "GET") {
        return verify_url(request.target, apps, now);
    }
    if (request.method == "POST") {
        return take_callback(request, apps, now);
    }
    return Respond{.status = method_not_allowed,
                   .body = "method not allowed\n",
                   .verdict = Verdict::not_allowed};
}

}  // namespace hermes::wecom
