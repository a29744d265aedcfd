// WeCom's error codes (doc 90313, the global list) for the calls that we make, as a category whose
// values are WeCom's own numbers: -1, 40001, 60020 ...
//
// One table in api_error.cpp: code, meaning, Failure, remedy. A code that it does not have is
// `unexplained`, with WeCom's own words.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/failure.hpp"

namespace hermes::wecom {

const boost::system::error_category& api_category() noexcept;

inline boost::system::error_code api_error(int errcode) noexcept {
    return {errcode, api_category()};
}

// WeCom doc 90313: the media id of a message is not, or no longer, that of a file of its kind.
bool is_stale_media(int errcode) noexcept;
// Likewise: what was uploaded does not fit its kind, whatever we think of it.
bool is_unfit_media(int errcode) noexcept;

// Likewise: there is nobody whom the message could reach, whatever it says.
bool is_unknown_member(int errcode) noexcept;

// WeCom doc 90254: the file of a member can be had, but only piece by piece.
bool wants_ranges(int errcode) noexcept;

// What is known of a code; empty views for a code that the table does not have.
struct ApiErrorText {
    std::string_view meaning;  // "the caller's IP address is not trusted by the app"
    std::string_view remedy;   // "add it in the admin console under ... > Trusted IPs"
};
ApiErrorText api_error_text(int errcode) noexcept;

// A sentence for the operator: code, meaning (or `errmsg`, cleaned, where the table has none), the
// address that WeCom names in the errmsg of 60020, remedy.
std::string describe_api_error(int errcode, std::string_view errmsg);

}  // namespace hermes::wecom
