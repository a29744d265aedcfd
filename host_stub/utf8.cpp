#include "utf8.hpp"

#include <cstdint>

namespace hermes::host {
namespace {

struct Decoded {
    char32_t code_point = 0;
    std::size_t bytes = 0;  // 0: not valid
};

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

// RFC 3629, table 3-7 of Unicode: no overlong form, no surrogate, nothing above U+10FFFF.
Decoded decode(std::string_view text) {
    const unsigned first = byte_at(text, 0);
    if (first < 0x80) {
        return {first, 1};
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) {
        return {};
    }
    char32_t code_point = first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, i) & 0xC0) != 0x80) {
            return {};
        }
        code_point = (code_point << 6) | (byte_at(text, i) & 0x3F);
    }
    const bool overlong =
        (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (overlong || surrogate || code_point > 0x10FFFF) {
        return {};
    }
    return {code_point, length};
}

bool is_cjk(char32_t c) {
    return (c >= 0x3040 && c <= 0x30FF) ||  // kana
           (c >= 0x3400 && c <= 0x9FFF) ||  // ideographs
           (c >= 0xAC00 && c <= 0xD7AF) ||  // hangul
           (c >= 0xF900 && c <= 0xFAFF) ||  // compatibility ideographs
           (c >= 0x20000 && c <= 0x3FFFF);  // ideographs of the higher planes
}

}  // namespace

std::string to_valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto [code_point, bytes] = decode(text);
        if (bytes == 0) {
            result += "\uFFFD";
            text.remove_prefix(1);
        } else {
            result += text.substr(0, bytes);
            text.remove_prefix(bytes);
        }
    }
    return result;
}

bool has_cjk(std::string_view text) {
    while (!text.empty()) {
        const auto [code_point, bytes] = decode(text);
        if (bytes > 0 && is_cjk(code_point)) {
            return true;
        }
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return false;
}

}  // namespace hermes::host
