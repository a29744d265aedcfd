// Text that WeCom, or something that answers in its place, puts into an error message: unbounded,
// in any encoding, and at times with the request that it complains about. Made fit for a log line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hermes::wecom {

inline constexpr std::size_t foreign_text_bytes_max = 200;

// One line of UTF-8, at most foreign_text_bytes_max bytes and an ellipsis: control characters and
// what is not UTF-8 become spaces; what may be an access token or a secret becomes `***`.
std::string clean_foreign_text(std::string_view text);

// The address in "... from ip: 1.2.3.4, ...", as WeCom writes at the end of an errmsg; empty if
// there is none that is an IPv4 or IPv6 address.
std::string_view caller_address(std::string_view errmsg) noexcept;

}  // namespace hermes::wecom
