// Letters, blanks and hexadecimal digits of ASCII, whatever the locale; other bytes are themselves.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace hermes::base {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_letter_or_digit(char c) noexcept {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

inline std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        c = lower(c);
    }
    return result;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// Space, tab, carriage return and line feed, as in XML, JSON and HTTP.
constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// Two digits a byte, in lower case.
inline std::string hex(std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

// The bytes again; what is no digit counts as 0.
inline std::string from_hex(std::string_view digits) {
    const auto value = [](char c) {
        return c >= '0' && c <= '9'                 ? c - '0'
               : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10
                                                    : 0;
    };
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t n = 0; n + 1 < digits.size(); n += 2) {
        bytes += static_cast<char>(value(digits[n]) * 16 + value(digits[n + 1]));
    }
    return bytes;
}

}  // namespace hermes::base
