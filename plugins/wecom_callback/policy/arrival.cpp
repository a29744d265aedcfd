#include "policy/arrival.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>
#include <variant>

#include "protocol/callback_query.hpp"
#include "protocol/foreign_text.hpp"

namespace hermes::wecom {
namespace {

constexpr unsigned unavailable = 503;
constexpr unsigned not_found = 404;

bool names_signature(std::string_view target) {
    return target.find("msg_signature") != std::string_view::npos;
}

template <typename List>
std::string names_of(const List& apps) {
    std::string names;
    for (const auto& app : apps) {
        names += (names.empty() ? "" : ", ") + app->name;
    }
    return names;
}

std::string missing_parameters(const CallbackQuery& query, bool is_verification) {
    std::string names;
    const auto add = [&names](std::string_view name, const std::string& value) {
        if (value.empty()) {
            names += (names.empty() ? "" : ", ") + std::string(name);
        }
    };
    add("msg_signature", query.msg_signature);
    add("timestamp", query.timestamp);
    add("nonce", query.nonce);
    if (is_verification) {
        add("echostr", query.echostr);
    }
    return names;
}

bool is_signed_by_one_of(const CallbackQuery& query, const Apps& apps) {
    return std::any_of(apps.begin(), apps.end(), [&](const AppPtr& app) {
        return signature_matches(query.msg_signature, app->callback_token, query.timestamp,
                                 query.nonce, query.echostr);
    });
}

// How something on the way has rewritten the query: undone, the signature is right. Empty: not so.
std::string rewriting_of(CallbackQuery query, const Apps& apps) {
    if (query.echostr.find(' ') != std::string::npos) {
        std::ranges::replace(query.echostr, ' ', '+');
        if (is_signed_by_one_of(query, apps)) {
            return "has turned the plus signs of echostr into spaces";
        }
    }
    if (query.echostr.find('%') != std::string::npos) {
        const auto decoded = parse_callback_query("?echostr=" + query.echostr);
        if (decoded) {
            query.echostr = decoded->echostr;
            if (is_signed_by_one_of(query, apps)) {
                return "has percent-encoded echostr a second time";
            }
        }
    }
    return {};
}

constexpr std::string_view pass_it_on =
    ": have it pass path and query on as they came (nginx: `proxy_pass http://host:port;` without "
    "a path behind it, and no rewrite)";

std::string explain_signature(const CallbackQuery& query, const Apps& apps) {
    if (const auto rewriting = rewriting_of(query, apps); !rewriting.empty()) {
        return "a reverse proxy on the way " + rewriting + std::string(pass_it_on);
    }
    if (query.echostr.find(' ') != std::string::npos) {
        return "echostr holds spaces, which WeCom never sends: a reverse proxy on the way rewrites "
               "the query" +
               std::string(pass_it_on);
    }
    const auto whose = apps.size() == 1 ? "the Token of app " + names_of(apps)
                                        : "the Token of any app (" + names_of(apps) + ")";
    return "it is not signed with " + whose +
           ": copy the Token from the page that is being saved to `token`, or the other way round";
}

std::string explain(const Respond& refusal, const CallbackQuery& query, bool is_verification,
                    const Apps& apps) {
    const auto app = refusal.app ? "app " + refusal.app->name + ": " : std::string();
    switch (static_cast<CallbackError>(refusal.error.value())) {
        case CallbackError::missing_parameter:
            return missing_parameters(query, is_verification) +
                   " is missing, which WeCom always sends: a reverse proxy on the way rewrites the "
                   "query" +
                   std::string(pass_it_on);
        case CallbackError::malformed_query:
            return "its query is malformed or too long, as WeCom's never is: a reverse proxy on "
                   "the way rewrites it" +
                   std::string(pass_it_on);
        case CallbackError::bad_signature:
            return explain_signature(query, apps);
        case CallbackError::not_base64:
        case CallbackError::bad_ciphertext:
        case CallbackError::bad_padding:
        case CallbackError::bad_length:
            return app +
                   "the Token is right, but its EncodingAESKey does not open what was sent: copy "
                   "the EncodingAESKey from the page that is being saved to `encoding_aes_key`";
        case CallbackError::wrong_receive_id:
            return app + "Token and EncodingAESKey are right, but it is of another company than " +
                   refusal.app->corp.str() +
                   ": copy the corp id from the admin console under My Company (我的企业 > 企业ID) "
                   "to `corp_id`";
        case CallbackError::no_such_app:
            return "it is of a corp or agent id that none of the apps (" + names_of(apps) +
                   ") has: correct `corp_id` and `agent_id`, or remove the URL from the other app";
        case CallbackError::too_old:
        case CallbackError::too_new:
            return app +
                   "Token and key may be right, but its time is far from this machine's: set "
                   "the clock right (timedatectl set-ntp true)";
        default:
            return app + refusal.error.message();
    }
}

// Their verification requests can't be told apart: none of them names an agent.
std::vector<AppPtr> verified_with(const App& app, const Apps& apps) {
    std::vector<AppPtr> alike;
    std::copy_if(apps.begin(), apps.end(), std::back_inserter(alike), [&](const AppPtr& other) {
        return other->corp == app.corp && other->callback_token == app.callback_token &&
               other->key.bytes() == app.key.bytes();
    });
    return alike;
}

Arrival judge_response(Respond&& response, const CallbackRequest& request, const Apps& apps) {
    Arrival arrival{.kind = ArrivalKind::wrong,
                    .app = response.app,
                    .status = response.status,
                    .body = std::move(response.body)};
    const bool is_verification = request.method == "GET";
    switch (response.verdict) {
        case Verdict::introduced:
            arrival.kind = ArrivalKind::visitor;
            arrival.sentence =
                "it has no query: if that was your browser, the URL leads here, and you can press "
                "Save (保存). If you have pressed it, a reverse proxy on the way drops the query";
            break;
        case Verdict::verified:
            arrival.kind = ArrivalKind::verified;
            arrival.verified = verified_with(*arrival.app, apps);
            arrival.sentence = "app " + names_of(arrival.verified) + ": right";
            break;
        case Verdict::not_allowed:
            arrival.kind = ArrivalKind::visitor;
            arrival.sentence = "WeCom sends GET and POST only";
            break;
        case Verdict::refused: {
            const auto query = parse_callback_query(request.target);
            if (!names_signature(request.target) && !is_verification) {
                arrival.kind = ArrivalKind::visitor;
            }
            arrival.sentence =
                explain(response, query ? *query : CallbackQuery{}, is_verification, apps);
            break;
        }
        default:  // genuine: a message or an event
            arrival.kind = ArrivalKind::message;
            break;
    }
    return arrival;
}

}  // namespace

Arrival judge_arrival(const CallbackRequest& request, std::string_view path, const Apps& apps,
                      std::chrono::system_clock::time_point now) {
    const auto asked = target_path(request.target);
    if (asked != path) {
        const auto shown = clean_foreign_text(asked);
        if (!names_signature(request.target)) {
            return {.kind = ArrivalKind::visitor,
                    .sentence = "it asks for " + shown + ": a browser or a scanner, not WeCom",
                    .status = not_found,
                    .body = "not found\n"};
        }
        return {.sentence = "it asks for " + shown + ", and the callback URL's path is " +
                            std::string(path) +
                            ": correct the URL in the admin console, or what a reverse proxy on "
                            "the way makes of it, or set `path`",
                .status = not_found,
                .body = "not found\n"};
    }
    auto decision = decide_callback(request, apps, now);
    Arrival arrival;
    if (auto* accepted = std::get_if<Accept>(&decision)) {
        arrival.kind = ArrivalKind::message;
        arrival.app = std::move(accepted->app);
    } else {
        arrival = judge_response(std::move(std::get<Respond>(decision)), request, apps);
    }
    if (arrival.kind == ArrivalKind::message) {
        arrival.status = unavailable;
        arrival.body = "no gateway is running\n";
        arrival.sentence = "app " + arrival.app->name +
                           ": a callback as it should be, not taken, so that WeCom sends it again: "
                           "start the gateway soon";
    }
    return arrival;
}

void judge_time(Arrival& arrival, std::chrono::microseconds took,
                std::chrono::milliseconds patience) {
    const bool is_late = took > patience;
    std::array<char, 32> time{};
    const auto milliseconds = std::chrono::duration<double, std::milli>(took).count();
    std::snprintf(time.data(), time.size(), is_late ? "%.0f ms" : "%.1f ms", milliseconds);
    if (!is_late) {
        arrival.sentence += ", answered in " + std::string(time.data());
        return;
    }
    arrival.kind = ArrivalKind::wrong;
    arrival.sentence += ", but answered in " + std::string(time.data()) + ", and WeCom waits " +
                        std::to_string(patience.count()) +
                        " ms: look for what is slow between it and here (a proxy, a tunnel, TLS), "
                        "or for what this machine is busy with, and press Save again";
}

}  // namespace hermes::wecom
