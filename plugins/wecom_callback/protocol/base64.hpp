// Base64 (RFC 4648, section 4) for whole strings.
//
// Our own, since Crypto++'s filter takes 6.1 us for the 700 characters of a typical callback where
// a block decoder takes 0.4 us, and skips characters outside the alphabet instead of refusing them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/callback_error.hpp"

namespace hermes::wecom {

enum class SpareBits {
    must_be_zero,  // canonical: one text for one value
    ignored,       // Tencent's own sample EncodingAESKey sets them
};

std::string base64_encode(std::string_view bytes);

// Padded input of whole quartets; nothing else is accepted, no white space either.
base::Result<std::string> base64_decode(std::string_view text,
                                        SpareBits spare_bits = SpareBits::must_be_zero);

}  // namespace hermes::wecom
