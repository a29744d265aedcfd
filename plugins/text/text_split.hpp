// Splitting a text into parts that fit one message each, losing nothing.
//
// A part ends, by preference, after a paragraph (blank line), a line, a sentence (Chinese and Latin
// punctuation), a word, a grapheme cluster (so combining marks, emoji sequences, flags and ZWJ
// families stay whole), and in the last resort a code point. Never inside a UTF-8 character. Of the
// candidates of the best kind the last one that fits is taken, but none in the first quarter of the
// part while a lesser kind offers more: no part of three words because of one early paragraph.
//
// Joined without their numbers the parts equal the original, byte for byte, but for parts of which
// nothing could be seen (a page of line ends, or those behind a part that is full): WeCom refuses
// them (44004), so they are left out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::text {

enum class PartNumbers {
    none,
    shown,  // "(1/3)\n" before each part, if there is more than one
};

// So that a number leaves room for text.
inline constexpr std::size_t part_bytes_min = 64;

// `bytes_max` is at least part_bytes_min and includes the number. Blank text gives no part. Text
// that is not UTF-8 is split at bytes where it is broken. Takes linear time.
std::vector<std::string> split_text(std::string_view text, std::size_t bytes_max,
                                    PartNumbers numbers);

// Whether nothing of the text can be seen: it has but spaces, line ends and marks without a shape.
bool is_blank(std::string_view text) noexcept;

// The text without the control characters that WeCom rejects (all below U+0020 but tab and newline;
// CR LF and a lone CR become LF) and with broken UTF-8 replaced by U+FFFD.
std::string clean_text(std::string_view text);

}  // namespace hermes::text
