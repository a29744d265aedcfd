// What an encryptor with the right key but bad intentions could send: any plaintext, any padding.
#pragma once

#include <cryptopp/aes.h>
#include <cryptopp/modes.h>

#include <string>
#include <string_view>

#include "protocol/base64.hpp"
#include "protocol/crypt.hpp"

namespace hermes::test {

inline wecom::EncodingAesKey test_key() {
    return wecom::EncodingAesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").value();
}

inline constexpr std::string_view test_corp = "ww1234567890";

// Encrypts `blocks`, a multiple of 16 bytes, exactly as given.
inline std::string seal(std::string blocks) {
    const auto key = test_key();
    CryptoPP::CBC_Mode<CryptoPP::AES>::Encryption cipher(key.bytes().data(), key.bytes().size(),
                                                         key.bytes().data());
    auto* bytes = reinterpret_cast<CryptoPP::byte*>(blocks.data());
    cipher.ProcessData(bytes, bytes, blocks.size());
    return wecom::base64_encode(blocks);
}

inline std::string length_field(unsigned long length) {
    std::string field;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        field.push_back(static_cast<char>(static_cast<unsigned char>(length >> shift)));
    }
    return field;
}

// The plaintext before padding, with a length field that may lie.
inline std::string plaintext(unsigned long claimed_length, std::string_view message,
                             std::string_view receive_id) {
    return "0123456789abcdef" + length_field(claimed_length) + std::string(message) +
           std::string(receive_id);
}

inline std::string padded(std::string plain) {
    const auto count = 32 - plain.size() % 32;
    return plain.append(count, static_cast<char>(count));
}

}  // namespace hermes::test
