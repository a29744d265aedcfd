#include "base/utf8.hpp"

#include <cstring>

namespace hermes::base {
namespace {

constexpr std::size_t character_bytes_max = 4;

constexpr bool is_continuation(unsigned char c) noexcept {
    return (c & 0xc0U) == 0x80U;
}

// Of `text`, which begins with ASCII, how many bytes certainly are: whole words of eight, or one.
inline std::size_t ascii_run(std::string_view text) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
    std::uint64_t word = 0;
    std::size_t length = 0;
    while (text.size() - length >= sizeof word) {
        std::memcpy(&word, text.data() + length, sizeof word);
        if ((word & high_bits) != 0) {
            break;
        }
        length += sizeof word;
    }
    return length == 0 ? 1 : length;
}

// Of the character beyond ASCII at the start of `text`, how many bytes it has; 0 if there is none.
[[gnu::always_inline]] inline std::size_t sequence_length(std::string_view text) noexcept {
    const auto at = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i])
                               : static_cast<unsigned char>(0);
    };
    const auto first = at(0);
    const auto second = at(1);
    if (!is_continuation(second) || first < 0xc2) {
        return 0;
    }
    if (first < 0xe0) {
        return 2;
    }
    if (!is_continuation(at(2))) {
        return 0;
    }
    if (first < 0xf0) {
        const bool overlong = first == 0xe0 && second < 0xa0;
        const bool surrogate = first == 0xed && second >= 0xa0;
        return overlong || surrogate ? 0 : 3;
    }
    const bool overlong = first == 0xf0 && second < 0x90;
    const bool beyond_unicode = first > 0xf4 || (first == 0xf4 && second >= 0x90);
    return overlong || beyond_unicode || !is_continuation(at(3)) ? 0 : 4;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t position) noexcept {
    if (position >= text.size()) {
        return {};
    }
    const auto first = static_cast<unsigned char>(text[position]);
    if (first < 0x80) {
        return {first, 1};
    }
    const auto length = sequence_length(text.substr(position));
    if (length == 0) {
        return {-1, 1};
    }
    std::int32_t value = first & (0x7f >> length);
    for (const char c : text.substr(position + 1, length - 1)) {
        value = (value << 6) | (c & 0x3f);
    }
    return {value, length};
}

CodePoint code_point_before(std::string_view text, std::size_t position) noexcept {
    for (std::size_t bytes = 1; bytes <= character_bytes_max && bytes <= position; ++bytes) {
        const auto character = code_point_at(text, position - bytes);
        if (character.value >= 0) {
            return character.bytes == bytes ? character : CodePoint{-1, 1};
        }
    }
    return position == 0 ? CodePoint{} : CodePoint{-1, 1};
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const bool ascii = static_cast<unsigned char>(text.front()) < 0x80;
        const auto length = ascii ? ascii_run(text) : sequence_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

bool append_utf8(std::uint32_t character, std::string& text) {
    const bool surrogate = character >= 0xd800 && character <= 0xdfff;
    if (surrogate || character > 0x10ffff) {
        return false;
    }
    const auto continuation = [character](unsigned shift) {
        return static_cast<char>(0x80U | ((character >> shift) & 0x3fU));
    };
    if (character < 0x80) {
        text += static_cast<char>(character);
    } else if (character < 0x800) {
        text += {static_cast<char>(0xc0U | (character >> 6U)), continuation(0)};
    } else if (character < 0x10000) {
        text += {static_cast<char>(0xe0U | (character >> 12U)), continuation(6), continuation(0)};
    } else {
        text += {static_cast<char>(0xf0U | (character >> 18U)), continuation(12), continuation(6),
                 continuation(0)};
    }
    return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept {
    if (text.size() <= bytes_max) {
        return text;
    }
    auto end = bytes_max;
    for (std::size_t back = 1; back < character_bytes_max && end > 0 &&
                               is_continuation(static_cast<unsigned char>(text[end]));
         ++back) {
        --end;
    }
    return text.substr(0, end);
}

std::string_view utf8_characters_prefix(std::string_view text,
                                        std::size_t characters_max) noexcept {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins_one = !is_continuation(static_cast<unsigned char>(text[i]));
        if (begins_one && ++characters > characters_max) {
            return text.substr(0, i);
        }
    }
    return text;
}

std::string to_valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t position = 0; position < text.size();) {
        const auto character = code_point_at(text, position);
        if (character.value < 0) {
            valid += replacement_character;
        } else {
            valid.append(text, position, character.bytes);
        }
        position += character.bytes;
    }
    return valid;
}

}  // namespace hermes::base
