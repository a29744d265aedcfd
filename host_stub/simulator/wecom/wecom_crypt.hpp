// WXBizMsgCrypt as WeCom's side of a callback needs it, on OpenSSL.
//
// Written from the scheme (WeCom doc 90968), not from the plugin's implementation, which uses
// Crypto++: each is the other's independent witness in the tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::host::simulator {

using RandomPrefix = std::array<std::uint8_t, 16>;

// From the system's random source. Throws std::runtime_error if that fails.
RandomPrefix random_prefix();
std::string random_text(std::size_t length);  // of A-Z a-z 0-9

// Lower-case hex SHA-1 of the four strings, sorted and joined.
std::string sign(std::string_view callback_token, std::string_view timestamp,
                 std::string_view nonce, std::string_view encrypted);

// One app's key and the receive_id (its corp id) that goes into every message.
class Cipher {
public:
    static constexpr std::size_t key_characters = 43;

    // Throws std::invalid_argument unless the key has 43 characters of A-Z a-z 0-9.
    Cipher(std::string_view encoding_aes_key, std::string receive_id);

    std::string encrypt(std::string_view message, const RandomPrefix& prefix) const;
    std::string encrypt(std::string_view message) const {
        return encrypt(message, random_prefix());
    }

    // The message; nothing if any part of it is not as encrypt makes it for this receive_id.
    std::optional<std::string> decrypt(std::string_view encrypted) const;

private:
    std::array<std::uint8_t, 32> key_{};
    std::string receive_id_;
};

}  // namespace hermes::host::simulator
