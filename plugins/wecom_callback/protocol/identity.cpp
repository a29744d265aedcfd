#include "protocol/identity.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

namespace hermes::wecom {
namespace {

// WeCom doc 90195: member ids have 1-64 bytes; corp ids are shorter.
constexpr std::size_t id_bytes_max = 64;

// What would end an id or begin the next one, for WeCom (`|`), for an operator's list (`,`) or in
// `corp:user`.
bool separates_ids(char c) noexcept {
    return c == '|' || c == ',' || c == ':' || c == ' ';
}

bool is_ascii_control(unsigned char c) noexcept {
    return c < 0x20 || c == 0x7f;
}

// U+0080 to U+009F, which a terminal obeys like the ones below U+0020.
bool has_c1_control(std::string_view utf8) noexcept {
    for (std::size_t i = 1; i < utf8.size(); ++i) {
        if (static_cast<unsigned char>(utf8[i - 1]) == 0xc2 &&
            static_cast<unsigned char>(utf8[i]) < 0xa0) {
            return true;
        }
    }
    return false;
}

bool has_id_length(std::string_view text) noexcept {
    return !text.empty() && text.size() <= id_bytes_max;
}

bool is_continuation(unsigned char c) noexcept {
    return (c & 0xc0U) == 0x80U;
}

// Of `bytes`, which begin with ASCII, how many certainly are: whole words of eight, or one.
std::size_t ascii_run(std::string_view bytes) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
    std::uint64_t word = 0;
    std::size_t length = 0;
    while (bytes.size() - length >= sizeof word) {
        std::memcpy(&word, bytes.data() + length, sizeof word);
        if ((word & high_bits) != 0) {
            break;
        }
        length += sizeof word;
    }
    return length == 0 ? 1 : length;
}

// Length of the well-formed sequence beyond ASCII at the start of `bytes` (RFC 3629, section 4), 0
// if there is none.
std::size_t utf8_sequence(std::string_view bytes) noexcept {
    const auto at = [bytes](std::size_t i) {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i])
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

bool is_utf8(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const bool ascii = static_cast<unsigned char>(bytes.front()) < 0x80;
        const auto length = ascii ? ascii_run(bytes) : utf8_sequence(bytes);
        if (length == 0) {
            return false;
        }
        bytes.remove_prefix(length);
    }
    return true;
}

base::Result<CorpId> CorpId::parse(std::string_view text) {
    const bool plain =
        std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && !separates_ids(c); });
    if (!has_id_length(text) || !plain) {
        return CallbackError::bad_identifier;
    }
    return CorpId(std::string(text));
}

base::Result<UserId> UserId::parse(std::string_view text) {
    const bool forbidden = std::ranges::any_of(text, [](char c) {
        return separates_ids(c) || is_ascii_control(static_cast<unsigned char>(c));
    });
    if (!has_id_length(text) || forbidden || text.front() == '@' || !is_utf8(text) ||
        has_c1_control(text)) {
        return CallbackError::bad_identifier;
    }
    return UserId(std::string(text));
}

std::string UserId::folded() const {
    std::string folded = text_;
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return folded;
}

base::Result<AgentId> AgentId::parse(std::string_view text) {
    std::int32_t number = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    // A leading zero would give one app two spellings.
    if (error != std::errc() || stop != end || number <= 0 || text.front() == '0') {
        return CallbackError::bad_identifier;
    }
    return AgentId(number);
}

base::Result<ChatAddress> ChatAddress::parse(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return CallbackError::bad_identifier;
    }
    auto corp = CorpId::parse(text.substr(0, colon));
    auto user = UserId::parse(text.substr(colon + 1));
    if (!corp || !user) {
        return CallbackError::bad_identifier;
    }
    return ChatAddress{std::move(*corp), std::move(*user)};
}

}  // namespace hermes::wecom
