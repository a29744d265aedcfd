#include "member_words.hpp"

#include <cstddef>
#include <cstdint>

#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

constexpr std::int32_t first_han = 0x4E00;
constexpr std::int32_t last_han = 0x9FFF;

}  // namespace

Language language_of(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const auto next = base::code_point_at(text, at);
        if (next.value >= first_han && next.value <= last_han) {
            return Language::chinese;
        }
        at += next.bytes;
    }
    return Language::english;
}

}  // namespace hermes::wecom
