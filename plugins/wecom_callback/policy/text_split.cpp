#include "policy/text_split.hpp"

#include <cassert>

#include "policy/code_point.hpp"
#include "policy/text_cut.hpp"

namespace hermes::wecom {
namespace {

using Parts = std::vector<std::string_view>;

constexpr std::string_view replacement_character = "\xef\xbf\xbd";  // U+FFFD

Parts cut_into(std::string_view text, std::size_t bytes_max) {
    Parts parts;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = best_cut(text, begin, bytes_max);
        parts.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return parts;
}

}  // namespace

std::string part_number(std::size_t number, std::size_t count) {
    return '(' + std::to_string(number) + '/' + std::to_string(count) + ")\n";
}

std::vector<std::string> split_text(std::string_view text, std::size_t bytes_max,
                                    PartNumbers numbers) {
    assert(bytes_max >= part_bytes_min);
    if (numbers == PartNumbers::none || text.size() <= bytes_max) {
        const auto parts = cut_into(text, bytes_max);
        return {parts.begin(), parts.end()};
    }
    // Numbers take room, and how much depends on how many parts they make: 9 or 10, 99 or 100.
    const auto cut_for = [&](std::size_t largest_count) {
        return cut_into(text, bytes_max - part_number(largest_count, largest_count).size());
    };
    std::size_t largest_count = 9;
    while (largest_count < text.size() / bytes_max) {  // there are at least as many
        largest_count = largest_count * 10 + 9;
    }
    auto parts = cut_for(largest_count);
    while (parts.size() > largest_count) {
        largest_count = largest_count * 10 + 9;
        parts = cut_for(largest_count);
    }
    std::vector<std::string> numbered;
    numbered.reserve(parts.size());
    for (const auto part : parts) {
        numbered.push_back(part_number(numbered.size() + 1, parts.size()).append(part));
    }
    return numbered;
}

std::string clean_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t position = 0; position < text.size();) {
        const auto character = code_point_at(text, position);
        if (character.value < 0) {
            clean += replacement_character;
            do {  // the rest of the same broken character
                ++position;
            } while (position < text.size() && code_point_at(text, position).value < 0 &&
                     (static_cast<unsigned char>(text[position]) & 0xc0) == 0x80);
            continue;
        }
        const bool line_end_follows = text.substr(position, 2) == "\r\n";
        if (character.value == '\r') {
            clean += line_end_follows ? "" : "\n";
        } else if (character.value >= ' ' || character.value == '\t' || character.value == '\n') {
            clean.append(text, position, character.bytes);
        }
        position += character.bytes;
    }
    return clean;
}

}  // namespace hermes::wecom
