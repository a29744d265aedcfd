#include "agents/chat_completion.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <string_view>
#include <utility>

#include "agents/foreign_json.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::host {
namespace {

namespace json = boost::json;
using Outcome = AgentReply::Outcome;
using Next = Completion::Next;
using http::HttpClientReply;
using http::HttpOutcome;

constexpr std::size_t quote_bytes_max = 200;

json::object message(std::string_view role, std::string_view content) {
    return {{"role", role}, {"content", content}};
}

// A text alone is a string, which every endpoint takes.
json::object question(std::string_view text, const Pictures& pictures) {
    const auto words = std::string(text) + pictures.note;
    if (pictures.urls.empty()) {
        return message("user", words);
    }
    json::array parts{{{"type", "text"}, {"text", words}}};
    for (const auto& url : pictures.urls) {
        parts.push_back({{"type", "image_url"}, {"image_url", {{"url", url}}}});
    }
    return {{"role", "user"}, {"content", std::move(parts)}};
}

const json::value* find(const json::value* in, std::string_view key) {
    const auto* object = in != nullptr ? in->if_object() : nullptr;
    return object != nullptr ? object->if_contains(key) : nullptr;
}

std::string_view text_of(const json::value* value) {
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? std::string_view(*text) : std::string_view();
}

// A string, or parts of which those of type `text` count.
std::string content_text(const json::value* content) {
    const auto* parts = content != nullptr ? content->if_array() : nullptr;
    if (parts == nullptr) {
        return std::string(text_of(content));
    }
    std::string text;
    for (const auto& part : *parts) {
        if (text_of(find(&part, "type")) == "text") {
            text += text_of(find(&part, "text"));
        }
    }
    return text;
}

// `error` is an object with a message, or the message itself.
std::string_view error_message(const json::value& body) {
    const auto* error = find(&body, "error");
    const auto message = text_of(find(error, "message"));
    return message.empty() ? text_of(error) : message;
}

// One line of what the endpoint said, short and without the key.
std::string quote(std::string_view said, const base::Secret& key) {
    std::string text(base::trim(said));
    const auto& secret = key.expose_secret();
    for (auto at = text.find(secret); !secret.empty() && at != std::string::npos;
         at = text.find(secret, at)) {
        text.replace(at, secret.size(), "****");
    }
    if (text.size() > quote_bytes_max) {
        text.resize(base::utf8_prefix(text, quote_bytes_max).size());
        text += "...";
    }
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return text.empty() ? "" : " (" + base::to_valid_utf8(text) + ")";
}

// The sentences for the operator: what happened, and what to do about it.
class Reader {
public:
    Reader(const AgentConfig& config, const HttpClientReply& reply, SessionHeader session)
        : config_(config), reply_(reply), session_(session) {}

    Completion read() {
        if (reply_.outcome != HttpOutcome::replied) {
            return unreplied();
        }
        boost::system::error_code error;
        body_ = parse_foreign_json(reply_.body, error);
        is_json_ = !error;
        return reply_.status / 100 == 2 ? answer() : refusal();
    }

private:
    Completion failed(const std::string& what, Next next = Next::done) const {
        return {next,
                {Outcome::failed, "",
                 config_.setting("base_url") + " " + config_.base_url + " " + what}};
    }

    Completion unreplied() const {
        if (reply_.outcome == HttpOutcome::not_sent) {
            return failed("cannot be reached: " + reply_.problem +
                              ": start the endpoint there, or correct " +
                              config_.setting("base_url"),
                          Next::try_again);
        }
        return failed("gave no whole reply: " + reply_.problem +
                      ": see the endpoint's log, it may have worked on the message");
    }

    std::string said() const { return quote(error_message(body_), config_.api_key); }

    std::string answered() const {
        return "answered " + std::to_string(reply_.status) +
               (reply_.status == 401 ? "" : said());  // which tends to show the key
    }

    bool refuses_session() const {
        return session_ == SessionHeader::sent &&
               (reply_.status == 400 || reply_.status == 403 || reply_.status == 404) &&
               base::lower(error_message(body_)).find("session") != std::string::npos;
    }

    std::string check_the_key() const {
        return config_.place_of_key().empty()
                   ? ": it wants a key: name the variable that holds it in " +
                         config_.setting("api_key_env")
                   : ": check the key in " + config_.place_of_key();
    }

    Completion refusal() const {
        const auto status = reply_.status;
        if (refuses_session()) {
            return failed(answered() + check_the_key(), Next::without_session);
        }
        if (status >= 300 && status < 400) {
            return failed(answered() + quote(reply_.header("location"), config_.api_key) +
                          ": set " + config_.setting("base_url") + " to where it points");
        }
        switch (status) {
            case 401:
            case 403:
                return failed(answered() + check_the_key());
            case 404:
                return failed(answered() + ": " + config_.setting("base_url") +
                              " should end in /v1, or " + config_.setting("model") + " " +
                              config_.model + " is not known there");
            case 429:
                return failed(answered() + ": wait, or raise the limit of the key or the endpoint",
                              Next::try_again);
            case 504:  // the endpoint may be at work still
                return failed(answered() +
                              ": raise the timeout of the proxy in front of the endpoint");
            default:
                break;
        }
        if (status >= 500) {
            return failed(answered() + ": see the endpoint's log", Next::try_again);
        }
        return failed(answered() + ": it does not take the request: check " +
                      config_.setting("model"));
    }

    Completion answer() const {
        if (!is_json_) {
            return failed("answered with something other than JSON: it should end in /v1");
        }
        const auto* list = find(&body_, "choices");
        const auto* choices = list != nullptr ? list->if_array() : nullptr;
        if (choices == nullptr || choices->empty()) {
            return failed("answered without choices" + said() +
                          ": check that it is an OpenAI-compatible endpoint, and " +
                          config_.setting("model"));
        }
        const auto* choice = &choices->front();
        const auto reason = text_of(find(choice, "finish_reason"));
        const auto content = content_text(find(find(choice, "message"), "content"));
        if (reason == "error") {
            return failed("failed at its work" + quote(content, config_.api_key) +
                          ": see the endpoint's log");
        }
        const auto text = base::trim(content);
        if (text.empty()) {
            return failed("answered without text (finish_reason " +
                          (reason.empty() ? "is missing" : std::string(reason)) + "): check that " +
                          config_.setting("model") + " is a chat model");
        }
        return {Next::done, {Outcome::answered, std::string(text), ""}};
    }

    const AgentConfig& config_;
    const HttpClientReply& reply_;
    SessionHeader session_;
    json::value body_{};
    bool is_json_ = false;
};

}  // namespace

void authorize(http::HttpClientRequest& request, const AgentConfig& config) {
    if (!config.api_key.empty()) {
        request.headers.emplace_back("Authorization", "Bearer " + config.api_key.expose_secret());
    }
}

SessionHeader usual_session_header(const AgentConfig& config) {
    return config.api_key.empty() ? SessionHeader::left_out : SessionHeader::sent;
}

http::HttpClientRequest completion_request(const AgentConfig& config, const AgentRequest& request,
                                           SessionHeader session, const Pictures& pictures) {
    json::array messages;
    if (!config.system_prompt.empty()) {
        messages.push_back(message("system", config.system_prompt));
    }
    for (const auto& [question, answer] : request.history) {
        messages.push_back(message("user", question));
        messages.push_back(message("assistant", answer));
    }
    messages.push_back(question(request.event.text, pictures));

    http::HttpClientRequest result;
    result.method = "POST";
    result.url = config.base_url + "/chat/completions";
    result.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    authorize(result, config);
    if (session == SessionHeader::sent) {
        result.headers.emplace_back("X-Hermes-Session-Id", request.session_id);
    }
    result.body = json::serialize(json::object{
        {"model", config.model}, {"messages", std::move(messages)}, {"stream", false}});
    return result;
}

Completion read_completion(const AgentConfig& config, const http::HttpClientReply& reply,
                           SessionHeader session) {
    return Reader(config, reply, session).read();
}

std::optional<std::chrono::seconds> retry_after(const http::HttpClientReply& reply) {
    const auto text = reply.header("retry-after");
    std::chrono::seconds::rep seconds = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_number = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
    return is_number && seconds >= 0 ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

}  // namespace hermes::host
