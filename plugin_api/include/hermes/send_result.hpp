// What became of one OutboundMessage.
#pragma once

#include <string>

namespace hermes {

enum class SendStatus {
    delivered,  // the platform accepted every part
    failed,     // it will not be delivered; `error` and `detail` say why
    deferred,   // durable, but the adapter stopped first: it leaves after the next start
};

// Coarse on purpose: it is what a host can act on. The sentence is in `detail`.
enum class SendError {
    none,
    not_found,     // no such chat, account or member, or more than one fits
    forbidden,     // the platform refuses until someone changes its setup
    rate_limited,  // the deadline passed while the platform asked us to wait
    invalid,       // the message itself can't be sent
    unreachable,   // the deadline passed while the platform could not be reached
    store,         // the adapter's own state can't be written
    stopped,       // the adapter is not running
};

struct SendResult {
    SendStatus status = SendStatus::failed;
    SendError error = SendError::none;
    bool retryable = false;    // the same message may succeed later without a change of setup
    int platform_code = 0;     // the platform's own error number, 0 if there is none
    std::string message_id{};  // the platform's id of the (last part of the) delivered message
    std::string detail{};      // for the operator: what, where, what to do. Holds no secret.
};

}  // namespace hermes
