// One character of a UTF-8 text at a time, broken bytes included.
//
// Characters and grapheme clusters (UAX #29) come from utf8proc: it is small, MIT-licensed, and its
// archive links into the plugin, so that Unicode's tables are neither ours to keep nor one more
// thing for an operator to install.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hermes::text {

struct CodePoint {
    std::int32_t value = -1;  // -1: a byte that is not UTF-8
    std::size_t bytes = 0;    // 0 at the end of the text
};

// For bytes that are none: U+FFFD.
inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";

CodePoint code_point_at(std::string_view text, std::size_t position) noexcept;

// The character that ends just before `position`.
CodePoint code_point_before(std::string_view text, std::size_t position) noexcept;

bool is_punctuation(CodePoint character) noexcept;

// False for spaces, line ends, control characters, and format characters such as U+200B.
bool is_visible(CodePoint character) noexcept;

// Columns on a screen: two for a Chinese character, none for a combining mark.
std::size_t display_width(std::string_view text) noexcept;

// Follows a text from the beginning of a cluster.
class ClusterWalk {
public:
    // Call in order for each two neighbours.
    bool boundary_between(CodePoint before, CodePoint after) noexcept;

private:
    std::int32_t state_ = 0;
};

}  // namespace hermes::text
