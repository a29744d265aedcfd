// What Unicode says about one character of a text at a time, broken bytes included.
//
// Categories and grapheme clusters (UAX #29) come from utf8proc: it is small, MIT-licensed, and its
// archive links into the plugin, so that Unicode's tables are neither ours to keep nor one more
// thing for an operator to install.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"

namespace hermes::text {

using base::code_point_at;
using base::code_point_before;
using base::CodePoint;
using base::replacement_character;

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
