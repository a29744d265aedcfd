// Random input for both sides: the same for the same seed.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "protocol/crypt.hpp"

namespace hermes::test {

inline constexpr std::size_t message_bytes_max = 64 * 1024;

class RandomInput {
public:
    explicit RandomInput(std::uint32_t seed) : engine_(seed) {}

    // 0 to message_bytes_max bytes of UTF-8, short ones more often: Latin, Chinese, emoji, markup,
    // the end of CDATA, control characters, NUL.
    std::string message();

    // The same without NUL, which XML can't carry, and not blank at its ends.
    std::string member_text();

    std::string encoding_aes_key();        // 43 characters; the spare bits of the last as they come
    std::string word(std::size_t length);  // letters and digits
    std::string digits(std::size_t length);
    wecom::RandomPrefix prefix();

    std::size_t up_to(std::size_t most);

private:
    std::string pick(std::string_view alphabet, std::size_t length);

    std::mt19937 engine_;
};

}  // namespace hermes::test
