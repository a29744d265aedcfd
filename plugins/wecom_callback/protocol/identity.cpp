#include "protocol/identity.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

// WeCom doc 90195: member ids have 1-64 bytes; corp ids are shorter.
constexpr std::size_t id_bytes_max = 64;

// What would end an id or begin the next one, for WeCom (`|`), for an operator's list (`,`), in
// `corp:user`, or in `corp:party/7`.
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

}  // namespace

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
        return separates_ids(c) || c == '/' || is_ascii_control(static_cast<unsigned char>(c));
    });
    if (!has_id_length(text) || forbidden || text.front() == '@' || !base::is_utf8(text) ||
        has_c1_control(text)) {
        return CallbackError::bad_identifier;
    }
    return UserId(std::string(text));
}

std::string UserId::folded() const {
    return base::lower(text_);
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
