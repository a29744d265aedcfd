#include "settings/console_values.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace hermes::wecom {

bool can_be_token(std::string_view text) noexcept {
    return !text.empty() && text.size() <= token_length_max &&
           std::ranges::all_of(text, base::is_letter_or_digit);
}

bool can_be_secret(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\'' && c != '`'; });
}

}  // namespace hermes::wecom
