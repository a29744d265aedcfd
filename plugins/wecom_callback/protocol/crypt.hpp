// WXBizMsgCrypt: how WeCom signs and encrypts callbacks. WeCom doc 90968 (sample code) and 90307
// (scheme).
//
//   signature  = lower-case hex SHA-1 of the sorted concatenation of
//                { callback token, timestamp, nonce, encrypt }
//   encrypt    = base64( AES-256-CBC( key, iv = first 16 bytes of key, padded ) )
//   padded     = plaintext + n bytes of value n, 1 <= n <= 32, to a multiple of 32
//   plaintext  = 16 random bytes | length of message, 4 bytes big-endian | message | receive_id
//   key        = base64( encoding_aes_key + "=" ), 32 bytes
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/callback_error.hpp"

namespace hermes::wecom {

inline constexpr std::size_t encoding_aes_key_length = 43;

class EncodingAesKey {
public:
    // 43 characters of A-Z a-z 0-9 (and + /); the spare bits of the last one are ignored.
    static base::Result<EncodingAesKey> parse(std::string_view text);
    const std::array<std::uint8_t, 32>& bytes() const noexcept { return bytes_; }

    struct DecryptionSchedule;  // AES round keys
    DecryptionSchedule& schedule() const noexcept { return *schedule_; }

private:
    EncodingAesKey() = default;
    std::array<std::uint8_t, 32> bytes_{};
    // Shared by the copies of a key and never changed: to make it takes as long as to decrypt a
    // message.
    std::shared_ptr<DecryptionSchedule> schedule_;
};

using RandomPrefix = std::array<std::uint8_t, 16>;

std::string msg_signature(std::string_view callback_token, std::string_view timestamp,
                          std::string_view nonce, std::string_view encrypt);

// Compares in constant time. An empty or short `given` is a mismatch.
bool signature_matches(std::string_view given, std::string_view callback_token,
                       std::string_view timestamp, std::string_view nonce,
                       std::string_view encrypt);

// The message inside `encrypt`. Errors: not_base64, bad_ciphertext, bad_padding, bad_length,
// wrong_receive_id.
base::Result<std::string> decrypt(const EncodingAesKey& key, std::string_view encrypt,
                                  std::string_view receive_id);

// The inverse. WeCom uses 16 random printable bytes as prefix; any will do.
std::string encrypt(const EncodingAesKey& key, std::string_view message,
                    std::string_view receive_id, const RandomPrefix& prefix);

}  // namespace hermes::wecom
