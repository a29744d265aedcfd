// Requests as WeCom makes them, for apps of two corps.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/apps.hpp"
#include "policy/callback.hpp"
#include "protocol/callback_query.hpp"
#include "protocol/crypt.hpp"
#include "protocol/envelope.hpp"
#include "protocol/identity.hpp"
#include "support/callback_xml.hpp"

namespace hermes::test {

inline constexpr std::chrono::system_clock::time_point callback_now{
    std::chrono::seconds{1'700'000'000}};

inline const std::string key_text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
inline const std::string other_key_text = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

inline wecom::CorpId corp(std::string_view text) {
    return wecom::CorpId::parse(text).value();
}
inline wecom::UserId user(std::string_view text) {
    return wecom::UserId::parse(text).value();
}
inline wecom::AgentId agent(std::string_view text) {
    return wecom::AgentId::parse(text).value();
}

inline wecom::App callback_app(std::string name, std::string_view corp_id,
                               std::string_view agent_id, std::string callback_token,
                               std::string_view key = key_text) {
    return {.name = std::move(name),
            .corp = corp(corp_id),
            .agent = agent(agent_id),
            .callback_token = std::move(callback_token),
            .key = wecom::EncodingAesKey::parse(key).value(),
            .access = wecom::Access::everybody()};
}

// hr and it are apps of one corp; sales is the app of another, with the agent id of hr.
inline std::vector<wecom::App> three_apps() {
    return {callback_app("hr", "ww1234567890", "1000002", "token-hr"),
            callback_app("it", "ww1234567890", "1000003", "token-it", other_key_text),
            callback_app("sales", "wwabcdef", "1000002", "token-sales")};
}

// One POST, field by field, so that a test can falsify just one of them.
struct SignedCallback {
    wecom::App app;
    std::string xml;
    std::string timestamp = "1700000000";
    std::string nonce = "nonce123";
    std::string envelope_corp = app.corp.str();
    std::string envelope_agent = std::to_string(app.agent.number());
    std::string receive_id = app.corp.str();
    std::string msg_signature = {};  // empty: the right one

    std::string target() const { return "/wecom/callback?" + query(); }
    std::string query() const {
        const auto signature =
            msg_signature.empty()
                ? wecom::msg_signature(app.callback_token, timestamp, nonce, encrypt())
                : msg_signature;
        return wecom::format_callback_query({signature, timestamp, nonce, {}});
    }
    std::string body() const { return format_envelope({envelope_corp, envelope_agent, encrypt()}); }
    std::string encrypt() const {
        return wecom::encrypt(app.key, xml, receive_id, wecom::RandomPrefix{});
    }
};

inline wecom::CallbackDecision decide(const SignedCallback& callback,
                                      const std::vector<wecom::App>& apps,
                                      std::chrono::system_clock::time_point now = callback_now) {
    const auto target = callback.target();
    const auto body = callback.body();
    return wecom::decide_callback({"POST", target, body}, wecom::Apps(apps), now);
}

inline std::string element(std::string_view name, std::string_view text) {
    return '<' + std::string(name) + "><![CDATA[" + std::string(text) + "]]></" +
           std::string(name) + '>';
}

// What is encrypted: `rest` is what the message type adds.
inline std::string inner_xml(const wecom::App& app, std::string_view from,
                             std::string_view msg_type, std::string_view rest) {
    return "<xml>" + element("ToUserName", app.corp.str()) + element("FromUserName", from) +
           "<CreateTime>1700000000</CreateTime>" + element("MsgType", msg_type) +
           std::string(rest) + "<AgentID>" + std::to_string(app.agent.number()) +
           "</AgentID></xml>";
}

inline std::string text_xml(const wecom::App& app, std::string_view from, std::string_view text,
                            std::string_view msg_id = "123456789") {
    return inner_xml(app, from, "text",
                     element("Content", text) + "<MsgId>" + std::string(msg_id) + "</MsgId>");
}

inline std::string event_xml(const wecom::App& app, std::string_view from, std::string_view event,
                             std::string_view event_key) {
    return inner_xml(app, from, "event", element("Event", event) + element("EventKey", event_key));
}

}  // namespace hermes::test
