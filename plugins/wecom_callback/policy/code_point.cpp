#include "policy/code_point.hpp"

#include <utf8proc.h>

namespace hermes::wecom {
namespace {

// Below it nothing combines with what is before it, but for LF after CR.
constexpr std::int32_t first_combining_mark = 0x0300;

bool is_simple_pair(CodePoint before, CodePoint after) noexcept {
    return before.value < first_combining_mark && after.value < first_combining_mark &&
           !(before.value == '\r' && after.value == '\n');
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
    std::int32_t value = -1;
    const auto length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + position),
                         static_cast<utf8proc_ssize_t>(text.size() - position), &value);
    return length > 0 ? CodePoint{value, static_cast<std::size_t>(length)} : CodePoint{-1, 1};
}

bool clusters_separate(CodePoint before, CodePoint after) noexcept {
    return is_simple_pair(before, after) || before.value < 0 || after.value < 0 ||
           utf8proc_grapheme_break(before.value, after.value) != 0;
}

bool ClusterWalk::boundary_between(CodePoint before, CodePoint after) noexcept {
    if (is_simple_pair(before, after) || before.value < 0 || after.value < 0) {
        state_ = 0;
        return true;
    }
    const bool boundary = utf8proc_grapheme_break_stateful(before.value, after.value, &state_) != 0;
    if (boundary) {
        state_ = 0;
    }
    return boundary;
}

}  // namespace hermes::wecom
