// What can go wrong on the way to WeCom beside WeCom's own error codes.
#pragma once

#include <boost/system/error_code.hpp>

namespace hermes::wecom {

enum class DeliveryError {
    not_sent = 1,     // no connection: WeCom has not seen the request
    no_reply,         // the request went out and no whole reply came back: WeCom may have acted
    file_cut,         // a file that was asked for did not come to its end
    not_wecom,        // something answered, but not WeCom's API
    server_error,     // HTTP 5xx, whatever the body says
    too_many,         // HTTP 429, from WeCom or a proxy: the request was turned away
    bad_credentials,  // gettoken refuses corp_id and corp_secret
    token_refused,    // a token that has just been fetched
    other_corp,       // the chat belongs to another corp than the app
    overtaken,        // another gateway may send it by now
    invalid_user,     // accepted, but not for this member
    unlicensed_user,  // accepted, but this member has no licence for the API
};

const boost::system::error_category& delivery_category() noexcept;

inline boost::system::error_code make_error_code(DeliveryError error) noexcept {
    return {static_cast<int>(error), delivery_category()};
}

}  // namespace hermes::wecom

template <>
struct boost::system::is_error_code_enum<hermes::wecom::DeliveryError> : std::true_type {};
