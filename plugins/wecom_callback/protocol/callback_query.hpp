// The query of a callback or a verification request (WeCom doc 90238, 90930):
// ?msg_signature=...&timestamp=...&nonce=...[&echostr=...]
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/callback_error.hpp"

namespace hermes::wecom {

// An echostr has about 100 characters; three times as many when percent-encoded.
inline constexpr std::size_t callback_query_bytes_max = std::size_t{8} * 1024;

struct CallbackQuery {
    std::string msg_signature;
    std::string timestamp;
    std::string nonce;
    std::string echostr;  // only in a verification request
};

// Reads the query of a request target such as `/wecom/callback?...`. The first of repeated
// parameters counts; unknown ones are ignored; percent-encoding is resolved, and a `+` is a plus:
// a base64 echostr may arrive either way, and a space is never part of these values.
// Errors: malformed_query. What is absent is left empty; the caller knows what it needs.
base::Result<CallbackQuery> parse_callback_query(std::string_view target);

// The path of a request target, without query.
std::string_view target_path(std::string_view target) noexcept;

// The inverse: what follows the `?`, percent-encoded. What is empty is left out.
std::string format_callback_query(const CallbackQuery& query);

}  // namespace hermes::wecom
