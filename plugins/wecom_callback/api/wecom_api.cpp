#include "api/wecom_api.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "api/delivery_error.hpp"
#include "base/random_hex.hpp"
#include "protocol/api_error.hpp"

namespace hermes::wecom {

namespace {

constexpr std::chrono::seconds call_timeout{20};
constexpr unsigned http_too_many_requests = 429;
constexpr unsigned http_server_error = 500;

constexpr std::size_t boundary_bytes = 16;  // in no file by chance

// A line so slow that a larger file would not get through within its time.
constexpr std::uint64_t upload_bytes_per_second_min = 64UL * 1024;

std::string encoded(const std::string& text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

ApiResult failed(DeliveryError error, const std::string& problem) {
    ApiResult result;
    result.error = error;
    result.sentence = result.error.message() + " (" + problem + ")";
    return result;
}

http::HttpClientRequest request_to(const App& app, const std::string& call) {
    http::HttpClientRequest request;
    request.url = app.api_base + call;
    request.proxy = app.proxy.expose_secret();
    request.timeout = call_timeout;
    return request;
}

http::HttpClientRequest call_to(const App& app, const std::string& call,
                                const base::Secret& access_token) {
    return request_to(
        app, "/cgi-bin/" + call + "?access_token=" + encoded(access_token.expose_secret()));
}

http::HttpClientRequest call_of_agent(const App& app, const std::string& call,
                                      const base::Secret& access_token) {
    auto request = call_to(app, call, access_token);
    request.url += "&agentid=" + std::to_string(app.agent.number());
    return request;
}

bool names(const std::vector<std::string>& users, const UserId& user) {
    return std::any_of(users.begin(), users.end(), [&](const std::string& name) {
        const auto id = UserId::parse(name);  // WeCom sends them back in lower case
        return id && id->folded() == user.folded();
    });
}

// Of many, WeCom tells who was not reached, and that is no failure; nobody at all is 81013.
void refuse_unreached(ApiResult& result, const Recipient& to) {
    const auto* user = std::get_if<UserId>(&to);
    if (result.error || user == nullptr) {
        return;
    }
    if (names(result.reply.invalid_users, *user)) {
        result.error = DeliveryError::invalid_user;
    } else if (names(result.reply.unlicensed_users, *user)) {
        result.error = DeliveryError::unlicensed_user;
    } else {
        return;
    }
    result.sentence = user->str() + ": " + result.error.message();
}

WecomApi::Handler reaching(const Recipient& to, WecomApi::Handler handler) {
    return [handler = std::move(handler), to](ApiResult result) mutable {
        refuse_unreached(result, to);
        handler(std::move(result));
    };
}

// The form with the file in its middle.
http::HttpBodySource body_of(UploadForm form, std::uint64_t file_bytes, http::HttpBodySource file) {
    struct State {
        UploadForm form;
        std::uint64_t left;
        http::HttpBodySource file;
    };
    // Shared with a piece that comes when the request has ended already.
    const auto state = std::make_shared<State>(State{std::move(form), file_bytes, std::move(file)});
    return [state](auto next) {
        if (auto head = std::exchange(state->form.head, {}); !head.empty()) {
            next(std::move(head));
        } else if (state->left == 0) {
            next(state->form.tail);
        } else {
            state->file([state, next = std::move(next)](base::Result<std::string> piece) mutable {
                state->left -= piece ? std::min<std::uint64_t>(piece->size(), state->left) : 0;
                next(std::move(piece));
            });
        }
    };
}

}  // namespace

ApiResult read_reply(const http::HttpClientReply& reply) {
    switch (reply.outcome) {
        case http::HttpOutcome::not_sent:
            return failed(DeliveryError::not_sent, reply.problem);
        case http::HttpOutcome::maybe_sent:
            return failed(DeliveryError::no_reply, reply.problem);
        case http::HttpOutcome::replied:
            break;
    }
    auto parsed = parse_api_reply(reply.body);
    auto status = "HTTP status " + std::to_string(reply.status);
    if (parsed && parsed->errcode != 0) {
        status += ", errcode " + std::to_string(parsed->errcode);
    }
    if (reply.status == http_too_many_requests) {
        return failed(DeliveryError::too_many, status);
    }
    if (reply.status >= http_server_error) {
        return failed(DeliveryError::server_error, status);
    }
    if (!parsed || (reply.status >= 300 && parsed->errcode == 0)) {
        return failed(DeliveryError::not_wecom, status);
    }
    ApiResult result;
    result.reply = std::move(*parsed);
    if (result.reply.errcode != 0) {
        result.error = api_error(result.reply.errcode);
        result.sentence = describe_api_error(result.reply.errcode, result.reply.errmsg);
    }
    return result;
}

void WecomApi::get_token(const App& app, Handler handler) {
    auto request = request_to(app, "/cgi-bin/gettoken?corpid=" + encoded(app.corp.str()) +
                                       "&corpsecret=" + encoded(app.corp_secret.expose_secret()));
    client_.send(std::move(request),
                 [handler = std::move(handler)](const http::HttpClientReply& reply) mutable {
                     auto result = read_reply(reply);
                     if (!result.error && result.reply.access_token.empty()) {
                         result = failed(DeliveryError::not_wecom, "no access token in it");
                     } else if (result.error == base::Failure::refresh_token) {
                         // For gettoken 40001 means the secret (doc 90313), not a token.
                         result.error = DeliveryError::bad_credentials;
                     }
                     handler(std::move(result));
                 });
}

void WecomApi::get_agent(const App& app, const base::Secret& access_token, Handler handler) {
    get(call_of_agent(app, "agent/get", access_token), std::move(handler));
}

void WecomApi::send_message(const App& app, const base::Secret& access_token, std::string body,
                            const Recipient& to, Handler handler) {
    post(call_to(app, "message/send", access_token), std::move(body),
         reaching(to, std::move(handler)));
}

void WecomApi::update_card(const App& app, const base::Secret& access_token, std::string body,
                           const Recipient& to, Handler handler) {
    post(call_to(app, "message/update_template_card", access_token), std::move(body),
         reaching(to, std::move(handler)));
}

void WecomApi::recall(const App& app, const base::Secret& access_token, const std::string& msgid,
                      Handler handler) {
    post(call_to(app, "message/recall", access_token), format_recall(msgid), std::move(handler));
}

void WecomApi::get_user(const App& app, const base::Secret& access_token, const UserId& user,
                        Handler handler) {
    auto request = call_to(app, "user/get", access_token);
    request.url += "&userid=" + encoded(user.str());
    get(std::move(request), std::move(handler));
}

void WecomApi::create_menu(const App& app, const base::Secret& access_token, std::string menu,
                           Handler handler) {
    post(call_of_agent(app, "menu/create", access_token), std::move(menu), std::move(handler));
}

void WecomApi::get_menu(const App& app, const base::Secret& access_token, Handler handler) {
    get(call_of_agent(app, "menu/get", access_token), std::move(handler));
}

void WecomApi::delete_menu(const App& app, const base::Secret& access_token, Handler handler) {
    get(call_of_agent(app, "menu/delete", access_token), std::move(handler));
}

void WecomApi::get(http::HttpClientRequest request, Handler handler) {
    client_.send(std::move(request),
                 [handler = std::move(handler)](const http::HttpClientReply& reply) mutable {
                     handler(read_reply(reply));
                 });
}

void WecomApi::post(http::HttpClientRequest request, std::string body, Handler handler) {
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = std::move(body);
    get(std::move(request), std::move(handler));
}

void WecomApi::get_media(const App& app, const base::Secret& access_token,
                         const std::string& media_id, http::HttpClientRequest how,
                         http::HttpClient::Handler handler) {
    auto request =
        request_to(app, "/cgi-bin/media/get?access_token=" + encoded(access_token.expose_secret()) +
                            "&media_id=" + encoded(media_id));
    request.headers = std::move(how.headers);
    request.timeout = how.timeout;
    request.response_bytes_max = how.response_bytes_max;
    request.sink = std::move(how.sink);
    client_.send(std::move(request), std::move(handler));
}

void WecomApi::upload_media(const App& app, const base::Secret& access_token, Upload upload,
                            Handler handler) {
    auto request = request_to(
        app, "/cgi-bin/media/upload?access_token=" + encoded(access_token.expose_secret()) +
                 "&type=" + std::string(name_of(upload.kind)));
    auto form = upload_form(upload.name, upload.bytes, base::random_hex(boundary_bytes));
    request.method = "POST";
    request.headers.emplace_back("Content-Type", form.content_type);
    request.timeout += std::chrono::seconds(upload.bytes / upload_bytes_per_second_min);
    request.source_bytes = form.head.size() + upload.bytes + form.tail.size();
    request.source = body_of(std::move(form), upload.bytes, std::move(upload.read));
    client_.send(std::move(request),
                 [handler = std::move(handler)](const http::HttpClientReply& reply) mutable {
                     auto result = read_reply(reply);
                     if (!result.error && result.reply.media_id.empty()) {
                         result = failed(DeliveryError::not_wecom, "no media id in it");
                     }
                     handler(std::move(result));
                 });
}

}  // namespace hermes::wecom
