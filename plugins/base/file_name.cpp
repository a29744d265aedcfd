#include "base/file_name.hpp"

#include <algorithm>
#include <cstdint>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::base {
namespace {

constexpr std::size_t suffix_bytes_max = 16;

// Of C0, C1 and the marks that turn the direction of what follows.
bool hides(std::int32_t character) noexcept {
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x061C ||
           (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF;
}

std::string without_what_hides(std::string_view name) {
    std::string clean;
    for (std::size_t at = 0; at < name.size();) {
        const auto next = code_point_at(name, at);
        if (next.value < 0) {
            clean += '_';
        } else if (next.value == '"') {
            clean += '\'';
        } else if (!hides(next.value)) {
            clean.append(name, at, next.bytes);
        }
        at += std::max<std::size_t>(next.bytes, 1);
    }
    return clean;
}

std::string_view trimmed(std::string_view name) {
    const auto first = name.find_first_not_of(" .");
    if (first == std::string_view::npos) {
        return {};
    }
    const auto last = name.find_last_not_of(" .");
    return name.substr(first, last - first + 1);
}

bool is_suffix_of_kind(std::string_view has, std::string_view wants) {
    return equal_ignoring_case(has, wants) ||
           (wants == ".jpg" && equal_ignoring_case(has, ".jpeg"));
}

}  // namespace

std::string_view file_suffix_of(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > suffix_bytes_max) {
        return {};
    }
    const auto letters = name.substr(dot + 1);
    return !letters.empty() && std::ranges::all_of(letters, is_letter_or_digit)
               ? name.substr(dot)
               : std::string_view();
}

std::string shown_file_name(std::string_view given, std::size_t bytes_max,
                            std::string_view suffix) {
    given.remove_prefix(given.find_last_of("/\\") + 1);
    const auto clean = without_what_hides(given);
    auto name = trimmed(clean);
    std::string ending(file_suffix_of(name));
    name.remove_suffix(ending.size());
    if (!suffix.empty() && !is_suffix_of_kind(ending, suffix)) {
        ending += suffix;
    }
    name = trimmed(utf8_prefix(name, bytes_max - ending.size()));
    return (name.empty() ? std::string("file") : std::string(name)) + ending;
}

}  // namespace hermes::base
