#include "text/code_point.hpp"

#include <utf8proc.h>

namespace hermes::text {
namespace {

// Characters that neither combine with a neighbour nor carry state: nearly all of what comes.
bool is_plain(std::int32_t character) noexcept {
    constexpr std::int32_t first_combining_mark = 0x0300;
    constexpr std::int32_t first_ideograph = 0x4e00;
    constexpr std::int32_t last_ideograph = 0x9fff;
    return character < first_combining_mark
               ? character != '\r'
               : character >= first_ideograph && character <= last_ideograph;
}

}  // namespace

bool is_punctuation(CodePoint character) noexcept {
    switch (utf8proc_category(character.value)) {
        case UTF8PROC_CATEGORY_PC:
        case UTF8PROC_CATEGORY_PD:
        case UTF8PROC_CATEGORY_PS:
        case UTF8PROC_CATEGORY_PE:
        case UTF8PROC_CATEGORY_PI:
        case UTF8PROC_CATEGORY_PF:
        case UTF8PROC_CATEGORY_PO:
            return true;
        default:
            return false;
    }
}

bool is_visible(CodePoint character) noexcept {
    switch (utf8proc_category(character.value)) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
            return false;
        default:
            return true;
    }
}

std::size_t display_width(std::string_view text) noexcept {
    std::size_t width = 0;
    for (std::size_t position = 0; position < text.size();) {
        const auto character = code_point_at(text, position);
        width += static_cast<std::size_t>(utf8proc_charwidth(character.value));
        position += character.bytes;
    }
    return width;
}

bool ClusterWalk::boundary_between(CodePoint before, CodePoint after) noexcept {
    if (is_plain(before.value) && is_plain(after.value)) {
        state_ = 0;
        return true;
    }
    if (before.value < 0 || after.value < 0) {  // a broken byte stands alone
        state_ = 0;
        return true;
    }
    const bool boundary = utf8proc_grapheme_break_stateful(before.value, after.value, &state_) != 0;
    if (boundary) {
        state_ = 0;
    }
    return boundary;
}

}  // namespace hermes::text
