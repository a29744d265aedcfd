// The whole decision about one request on the callback path: respond, or accept a message.
//
//   GET   without a query                      200, what this URL is for
//         signature of an app, not too old,    200, the decrypted echostr
//         inside what WeCom sends there
//         otherwise                            403
//   POST  accepted                             Accept: 200 `success` follows the commit
//         not for the agent, or not admitted   200 `success`, nothing stored
//         signed, but of no use                the same: WeCom repeats what is refused
//         an admitted member opened the app    the same
//         bad signature, no app, too old/new   403
//         malformed, undecryptable             400
//   else                                       405 with Allow
//
// Order for POST: query, envelope, app by corp and agent id, signature (constant time), age by the
// timestamp, decryption, inner XML, inner ids, age by CreateTime, access. Nothing of the body is
// decrypted before its signature has been checked.
#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "policy/apps.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

// A key of a duplicate is kept at least this long, so nothing older may be let in.
inline constexpr std::chrono::hours callback_age_max{24};
inline constexpr std::chrono::hours callback_lead_max{1};

struct CallbackRequest {
    std::string_view method;
    std::string_view target;
    std::string_view body;
};

// What becomes of a request that is answered at once.
enum class Verdict {
    introduced,   // a person looks whether anything is here
    verified,     // the echostr of a verification request
    refused,      // `error` says why
    ignored,      // genuine, but nothing for an agent: app-less events, enter_agent, subscribe ...
    entered,      // genuine: a member who is admitted opened the app
    unknown,      // genuine, but of a kind that is not known, or without what every message has
    noted,        // genuine, and a line for the operator: `meaning`
    warned,       // genuine, and a warning for the operator: `meaning`
    forbidden,    // genuine, but its sender is not admitted
    not_allowed,  // another method
};

// Whom a refused request says it is for. Nobody has signed that: for people to read.
struct Addressee {
    AppPtr app{};  // if that is one app
    std::string corp_id{};
    std::string agent_id{};
};

struct Respond {
    unsigned status = 400;
    std::string body{};
    Verdict verdict = Verdict::refused;
    boost::system::error_code error{};
    AppPtr app{};  // where one was found
    Addressee addressee{};
    // Of a message that was read and is not handed over.
    std::optional<ChatAddress> sender{};
    std::string kind_name{};  // MsgType, or `event/` and Event
    InboundKind kind = InboundKind::unknown;
    std::string_view meaning{};  // InboundRule::meaning
};

// Whether a message can be the answer to a question that the app has asked: an answered card, or,
// where choices are numbered lines, a text that is no longer than a label.
bool may_answer(const App& app, const InboundMessage& message) noexcept;

struct Accept {
    AppPtr app;
    InboundMessage message;
    std::string xml;  // what was decrypted: this is stored
    std::string duplicate_key;
};

using CallbackDecision = std::variant<Respond, Accept>;

CallbackDecision decide_callback(const CallbackRequest& request, const Apps& apps,
                                 std::chrono::system_clock::time_point now);

}  // namespace hermes::wecom
