#include "text/text_split.hpp"

#include <algorithm>
#include <cassert>

#include "text/code_point.hpp"
#include "text/part_numbers.hpp"
#include "text/text_cut.hpp"

namespace hermes::text {
namespace {

using Parts = std::vector<std::string_view>;

// As best_cut, but a part that would be blank goes on into what follows, if there is room.
std::size_t visible_cut(std::string_view text, std::size_t begin, std::size_t bytes_max) {
    constexpr std::size_t room_min = 4;  // for any character
    auto end = best_cut(text, begin, bytes_max);
    while (end < text.size() && begin + bytes_max - end >= room_min &&
           is_blank(text.substr(begin, end - begin))) {
        end = best_cut(text, end, begin + bytes_max - end);
    }
    return end;
}

Parts cut_into(std::string_view text, std::size_t bytes_max) {
    Parts parts;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = visible_cut(text, begin, bytes_max);
        if (const auto part = text.substr(begin, end - begin); !is_blank(part)) {
            parts.push_back(part);
        }
        begin = end;
    }
    return parts;
}

bool is_unclean_byte(char byte) noexcept {
    return static_cast<unsigned char>(byte) < ' ' && byte != '\t' && byte != '\n';
}

}  // namespace

bool is_blank(std::string_view text) noexcept {
    for (std::size_t position = 0; position < text.size();) {
        const auto character = code_point_at(text, position);
        if (is_visible(character)) {
            return false;
        }
        position += character.bytes;
    }
    return true;
}

std::vector<std::string> split_text(std::string_view text, std::size_t bytes_max,
                                    PartNumbers numbers) {
    assert(bytes_max >= part_bytes_min);
    if (numbers == PartNumbers::none || text.size() <= bytes_max) {
        const auto parts = cut_into(text, bytes_max);
        return {parts.begin(), parts.end()};
    }
    return numbered_parts(text.size(), bytes_max,
                          [&](std::size_t bytes) { return cut_into(text, bytes); });
}

std::string clean_text(std::string_view text) {
    // As nearly all of them are: not looked at character by character.
    if (std::ranges::none_of(text, is_unclean_byte) && base::is_utf8(text)) {
        return std::string(text);
    }
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

}  // namespace hermes::text
