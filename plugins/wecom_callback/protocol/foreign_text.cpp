#include "protocol/foreign_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

// Looked at before cleaning: enough for every errmsg that makes sense, little enough to be cheap.
constexpr std::size_t considered_bytes_max = 4096;

// An app's secret has 43 characters and an access token more than 200. Where the text says that one
// follows, a shorter one is hidden too.
constexpr std::size_t secret_length_min = 40;
constexpr std::size_t announced_secret_length_min = 8;

bool is_token_character(char c) noexcept {
    return base::is_letter_or_digit(c) || c == '-' || c == '_';
}

bool announces_secret(std::string_view word) noexcept {
    constexpr std::array<std::string_view, 2> names{"token", "secret"};
    return std::ranges::any_of(names, [word](std::string_view name) {
        return word.size() >= name.size() &&
               base::equal_ignoring_case(word.substr(word.size() - name.size()), name);
    });
}

// Words of token characters, with those that may be secrets replaced; the rest as it is.
std::string mask_secrets(std::string_view text) {
    std::string masked;
    bool announced = false;
    while (!text.empty()) {
        const auto end = std::ranges::find_if_not(text, is_token_character);
        const auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
        if (word.empty()) {
            masked += text.front();
            text.remove_prefix(1);
            continue;
        }
        const auto limit = announced ? announced_secret_length_min : secret_length_min;
        masked.append(word.size() >= limit ? "***" : word);
        announced = announces_secret(word);
        text.remove_prefix(word.size());
    }
    return masked;
}

std::string one_line(std::string_view text) {
    std::string line(text);
    const bool ascii_only = !base::is_utf8(line);
    for (char& c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f || (ascii_only && byte >= 0x80)) {
            c = ' ';
        }
    }
    return line;
}

}  // namespace

std::string clean_foreign_text(std::string_view text) {
    const auto masked = mask_secrets(one_line(base::utf8_prefix(text, considered_bytes_max)));
    const auto trimmed = base::trim(masked);
    std::string cleaned(base::utf8_prefix(trimmed, foreign_text_bytes_max));
    if (cleaned.size() < trimmed.size()) {
        cleaned += "...";
    }
    return cleaned;
}

std::string_view caller_address(std::string_view errmsg) noexcept {
    constexpr std::string_view mark = "from ip: ";
    const auto at = errmsg.find(mark);
    if (at == std::string_view::npos) {
        return {};
    }
    auto address = errmsg.substr(at + mark.size());
    address = address.substr(0, address.find_first_not_of("0123456789abcdefABCDEF.:"));
    while (address.ends_with('.') || address.ends_with(':')) {
        address.remove_suffix(1);
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.size() >= text.size()) {
        return {};
    }
    std::ranges::copy(address, text.begin());
    std::array<std::uint8_t, sizeof(in6_addr)> binary{};
    const bool valid = inet_pton(AF_INET, text.data(), binary.data()) == 1 ||
                       inet_pton(AF_INET6, text.data(), binary.data()) == 1;
    return valid ? address : std::string_view();
}

}  // namespace hermes::wecom
