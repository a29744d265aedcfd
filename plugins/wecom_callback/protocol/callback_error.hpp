// Why a callback or a verification request was refused.
//
// A code says what happened and holds no text of the request, so it can't leak a secret.
#pragma once

#include <boost/system/error_code.hpp>

namespace hermes::wecom {

enum class CallbackError {
    missing_parameter = 1,  // msg_signature, timestamp, nonce or echostr is absent or empty
    malformed_query,        // the query string can't be decoded, or is too long
    not_xml,                // the envelope or the message is not well-formed
    forbidden_xml,          // a document type, a processing instruction, or too deep or wide
    no_encrypt,             // the envelope has no Encrypt element
    no_such_app,            // no app of this corp and agent id is configured
    bad_signature,          // msg_signature is not that of this app's callback token
    not_base64,             // Encrypt, echostr or an EncodingAESKey is not base64
    bad_key_length,         // an EncodingAESKey that is not 43 characters
    bad_ciphertext,         // the length is no positive multiple of 16
    bad_padding,            // PKCS#7 with blocks of 32
    bad_length,             // the inner length field points outside of the plaintext
    wrong_receive_id,       // decrypted, but meant for another corp
    wrong_app,              // the inner ToUserName or AgentID is not this app's
    missing_field,          // the message lacks FromUserName, ToUserName or MsgType
    bad_identifier,         // an id of a corp, member, app or message that can't be one
    bad_timestamp,          // `timestamp` or CreateTime is not a number
    too_old,                // `timestamp` is further back than duplicates are remembered
    too_new,                // `timestamp` is too far in the future: someone's clock is wrong
    not_an_echo,            // a verification request that holds something else than an echostr
};

const boost::system::error_category& callback_category() noexcept;

inline boost::system::error_code make_error_code(CallbackError error) noexcept {
    return {static_cast<int>(error), callback_category()};
}

}  // namespace hermes::wecom

template <>
struct boost::system::is_error_code_enum<hermes::wecom::CallbackError> : std::true_type {};
