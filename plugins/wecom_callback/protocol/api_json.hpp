// The JSON of WeCom's server API: bodies out, replies in. WeCom doc 91039 (gettoken), 90236
// (message/send), 90227 (agent/get).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/identity.hpp"
#include "protocol/recipient.hpp"

namespace hermes::wecom {

// WeCom doc 90236: text and markdown content at most 2048 bytes; the rest is cut off by WeCom.
inline constexpr std::size_t message_bytes_max = 2048;

enum class MessageFormat { text, markdown };

// WeCom doc 90236: default 1800 s, at most 4 h.
inline constexpr int duplicate_check_interval_s = 4 * 60 * 60;

struct OutgoingMessage {
    Recipient to;
    AgentId agent;
    MessageFormat format = MessageFormat::text;
    std::string content;
};
// The request, without the duplicate check.
std::string format_message_send(const OutgoingMessage& message);
// A `textcard`: all three are required. WeCom puts its own word on the button.
struct OutgoingCard {
    Recipient to;
    AgentId agent;
    std::string title;
    std::string description;
    std::string url;
};
std::string format_textcard_send(const OutgoingCard& card);
// The same, with which WeCom shows an equal request within `duplicate_check_interval_s` only once
// (doc 90236). `request` is what format_message_send has made.
std::string with_duplicate_check(std::string request);
// The body of message/recall (doc 94867).
std::string format_recall(const std::string& msgid);
// What the member is shown of such a request; the request itself if it can't be read.
std::string shown_text(const std::string& request);

// WeCom doc 91039: an access token lives 7200 s. A longer life is cut to a day: nobody should have
// to wonder whether a foreign number can overflow a clock.
inline constexpr std::int64_t expires_in_max_s = std::int64_t{24} * 60 * 60;
inline constexpr std::int64_t expires_in_default_s = 7'200;  // where it is left out

// A whole reply of any call.
struct ApiReply {
    int errcode = 0;  // 0 where WeCom leaves it out
    std::string errmsg;
    // gettoken
    std::string access_token;
    std::int64_t expires_in_s = 0;  // 1 to expires_in_max_s
    // message/send
    std::string msgid;
    std::vector<std::string> invalid_users;     // invaliduser, split at `|` or an array
    std::vector<std::string> unlicensed_users;  // unlicenseduser, likewise
    std::string name;                           // of the app: agent/get; of the member: user/get
    std::string menu;                           // menu/get: {"button": [...]}
    std::string media_id;                       // media/upload
    // agent/get
    bool app_is_disabled = false;
    bool reports_entering = true;  // isreportenter: enter_agent is called back
};

// Nothing if the body is not a JSON object, has neither errcode nor access_token nor msgid, or a
// member has a type that it can't have: then some proxy answered, not WeCom. Bounded: at most 1 MiB
// and 32 levels.
std::optional<ApiReply> parse_api_reply(std::string_view body);

}  // namespace hermes::wecom
