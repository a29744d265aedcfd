// Whether a value can be one that the admin console shows: what is copied by hand comes with a
// blank or a quotation mark, and then no callback's signature matches. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace hermes::wecom {

inline constexpr std::size_t token_length_max = 32;

// Up to 32 letters and digits: the console's own rule for a Token.
bool can_be_token(std::string_view text) noexcept;
// Printable ASCII without blanks and quotation marks.
bool can_be_secret(std::string_view text) noexcept;

}  // namespace hermes::wecom
