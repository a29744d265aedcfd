// What WeCom asks of a callback URL when it is saved.
#pragma once

#include <string>

#include "unit/policy/signed_callback.hpp"

namespace hermes::test {

// A verification request as WeCom makes it, field by field.
struct Verification {
    wecom::App app = three_apps().front();
    std::string echo = "1616140317555161061";
    std::string receive_id = app.corp.str();
    std::string timestamp = "1700000000";
    std::string nonce = "263014780";

    wecom::CallbackQuery query() const {
        const auto echostr = wecom::encrypt(app.key, echo, receive_id, wecom::RandomPrefix{});
        return {wecom::msg_signature(app.callback_token, timestamp, nonce, echostr), timestamp,
                nonce, echostr};
    }
};

}  // namespace hermes::test
