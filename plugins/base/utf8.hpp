// UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hermes::base {

struct CodePoint {
    std::int32_t value = -1;  // -1: a byte that is not UTF-8
    std::size_t bytes = 0;    // 0 at the end of the text
};

CodePoint code_point_at(std::string_view text, std::size_t position) noexcept;

// The character that ends just before `position`.
CodePoint code_point_before(std::string_view text, std::size_t position) noexcept;

bool is_utf8(std::string_view text) noexcept;

// False, and nothing appended, for what UTF-8 can't carry: a surrogate, or beyond U+10FFFF.
bool append_utf8(std::uint32_t character, std::string& text);

// For bytes that are none: U+FFFD.
inline constexpr std::string_view replacement_character = "\uFFFD";

// Some editors begin a file with U+FEFF, which is no part of what it says.
constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    text.remove_prefix(text.starts_with(mark) ? mark.size() : 0);
    return text;
}

// The start of `text`, at most `bytes_max` long, that does not cut a character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept;

// The same, of at most so many characters.
std::string_view utf8_characters_prefix(std::string_view text, std::size_t characters_max) noexcept;

// `text` with every byte that is not part of a character replaced.
std::string to_valid_utf8(std::string_view text);

}  // namespace hermes::base
