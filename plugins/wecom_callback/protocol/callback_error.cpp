#include "protocol/callback_error.hpp"

#include <string>

#include "base/failure.hpp"

namespace hermes::wecom {
namespace {

const char* text_of(CallbackError error) noexcept {
    switch (error) {
        case CallbackError::missing_parameter:
            return "msg_signature, timestamp, nonce or echostr is missing";
        case CallbackError::malformed_query:
            return "the query string is malformed or too long";
        case CallbackError::not_xml:
            return "the content is not well-formed XML in UTF-8";
        case CallbackError::forbidden_xml:
            return "the XML uses what WeCom never sends, or is too large or too deep";
        case CallbackError::no_encrypt:
            return "the XML has no Encrypt element";
        case CallbackError::no_such_app:
            return "no app is configured for this corp id and agent id";
        case CallbackError::bad_signature:
            return "the signature does not match the app's callback token";
        case CallbackError::not_base64:
            return "the value is not base64";
        case CallbackError::bad_key_length:
            return "an EncodingAESKey has exactly 43 characters";
        case CallbackError::bad_ciphertext:
            return "the ciphertext does not consist of whole AES blocks";
        case CallbackError::bad_padding:
            return "the padding is wrong: is the EncodingAESKey that of the admin console?";
        case CallbackError::bad_length:
            return "the length inside the decrypted text is wrong";
        case CallbackError::wrong_receive_id:
            return "the decrypted text is meant for another corp id";
        case CallbackError::wrong_app:
            return "the decrypted message is meant for another app";
        case CallbackError::missing_field:
            return "the message lacks ToUserName, FromUserName or MsgType";
        case CallbackError::bad_identifier:
            return "the value can't be an id of a corp, a member, an app or a message";
        case CallbackError::bad_timestamp:
            return "the time is not a number of seconds";
        case CallbackError::too_old:
            return "the timestamp is too old: a replay, or this server's clock is ahead";
        case CallbackError::too_new:
            return "the timestamp is in the future: check this server's clock";
        case CallbackError::not_an_echo:
            return "a verification request holds something else than WeCom sends there";
    }
    return nullptr;
}

class CallbackCategory final : public boost::system::error_category {
public:
    constexpr CallbackCategory() noexcept : error_category(0x8d5b1f0a3c7e4922ULL) {}

    const char* name() const noexcept override { return "wecom.callback"; }

    std::string message(int value) const override {
        if (const char* text = text_of(static_cast<CallbackError>(value))) {
            return text;
        }
        return "unknown callback error " + std::to_string(value);
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override {
        const auto error = static_cast<CallbackError>(value);
        if (text_of(error) == nullptr) {
            return {value, *this};
        }
        const bool setup = error == CallbackError::bad_key_length ||
                           error == CallbackError::no_such_app || error == CallbackError::too_new;
        return make_error_condition(setup ? base::Failure::fix_setup : base::Failure::give_up);
    }
};

constinit const CallbackCategory the_callback_category;

}  // namespace

const boost::system::error_category& callback_category() noexcept {
    return the_callback_category;
}

}  // namespace hermes::wecom
