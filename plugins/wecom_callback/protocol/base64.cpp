#include "protocol/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hermes::wecom {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// A value no sum of valid digits can reach: 24 bits hold the three bytes of a quartet.
constexpr std::uint32_t invalid = 1U << 24U;

// digits[i][c] is character c at place i of a quartet, already shifted to where it belongs, so
// that a quartet is four look-ups, three ORs and one test.
constexpr auto digits = [] {
    std::array<std::array<std::uint32_t, 256>, 4> table{};
    for (std::size_t place = 0; place < 4; ++place) {
        table[place].fill(invalid);
        for (std::size_t value = 0; value < alphabet.size(); ++value) {
            table[place][static_cast<unsigned char>(alphabet[value])] =
                static_cast<std::uint32_t>(value << (18 - 6 * place));
        }
    }
    return table;
}();

std::uint32_t digit(std::size_t place, char character) noexcept {
    return digits[place][static_cast<unsigned char>(character)];
}

char byte_of(std::uint32_t quartet, unsigned index) noexcept {
    return static_cast<char>(static_cast<unsigned char>(quartet >> (16U - 8U * index)));
}

std::uint32_t octet(char character) noexcept {
    return static_cast<unsigned char>(character);
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4, '=');
    auto out = text.begin();
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const auto group =
            octet(bytes[at]) << 16U | octet(bytes[at + 1]) << 8U | octet(bytes[at + 2]);
        for (unsigned shift : {18U, 12U, 6U, 0U}) {
            *out++ = alphabet[group >> shift & 63U];
        }
    }
    if (const auto rest = bytes.size() - at; rest > 0) {
        const auto group = octet(bytes[at]) << 16U | (rest == 2 ? octet(bytes[at + 1]) << 8U : 0U);
        *out++ = alphabet[group >> 18U & 63U];
        *out++ = alphabet[group >> 12U & 63U];
        if (rest == 2) {
            *out = alphabet[group >> 6U & 63U];
        }
    }
    return text;
}

base::Result<std::string> base64_decode(std::string_view text, SpareBits spare_bits) {
    if (text.size() % 4 != 0) {
        return CallbackError::not_base64;
    }
    if (text.empty()) {
        return std::string();
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const auto whole = (text.size() - (padding > 0 ? 4 : 0)) / 4;

    std::string bytes(text.size() / 4 * 3 - padding, '\0');
    char* out = bytes.data();
    const char* in = text.data();
    std::uint32_t seen = 0;
    for (std::size_t i = 0; i < whole; ++i, in += 4, out += 3) {
        const auto quartet = digit(0, in[0]) | digit(1, in[1]) | digit(2, in[2]) | digit(3, in[3]);
        seen |= quartet;
        out[0] = byte_of(quartet, 0);
        out[1] = byte_of(quartet, 1);
        out[2] = byte_of(quartet, 2);
    }
    if (padding > 0) {
        const auto quartet =
            digit(0, in[0]) | digit(1, in[1]) | (padding == 1 ? digit(2, in[2]) : 0U);
        seen |= quartet;
        const auto spare = padding == 1 ? quartet & 0xffU : quartet & 0xffffU;
        if (spare != 0 && spare_bits == SpareBits::must_be_zero) {
            return CallbackError::not_base64;
        }
        out[0] = byte_of(quartet, 0);
        if (padding == 1) {
            out[1] = byte_of(quartet, 1);
        }
    }
    if ((seen & invalid) != 0) {
        return CallbackError::not_base64;
    }
    return bytes;
}

}  // namespace hermes::wecom
