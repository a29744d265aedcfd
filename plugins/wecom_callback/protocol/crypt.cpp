#include "protocol/crypt.hpp"

#include <cryptopp/aes.h>
#include <cryptopp/misc.h>
#include <cryptopp/modes.h>
#include <cryptopp/sha.h>

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/ascii.hpp"
#include "protocol/base64.hpp"

namespace hermes::wecom {
namespace {

// WeCom doc 90968: PKCS#7 with blocks of 32, although AES has blocks of 16.
constexpr std::size_t padding_block = 32;
constexpr std::size_t aes_block = CryptoPP::AES::BLOCKSIZE;
constexpr std::size_t length_field = 4;
constexpr std::size_t header_bytes = std::tuple_size_v<RandomPrefix> + length_field;
constexpr std::size_t signature_bytes = 2UL * CryptoPP::SHA1::DIGESTSIZE;

CryptoPP::byte* data_of(std::string& bytes) noexcept {
    return reinterpret_cast<CryptoPP::byte*>(bytes.data());
}

const CryptoPP::byte* data_of(std::string_view bytes) noexcept {
    return reinterpret_cast<const CryptoPP::byte*>(bytes.data());
}

// How many bytes at the end of `plain` are padding; 0 if they are no proper padding. All of them
// are looked at, whatever the first says.
std::size_t padding_of(std::string_view plain) noexcept {
    const auto count = static_cast<std::size_t>(static_cast<unsigned char>(plain.back()));
    if (count < 1 || count > padding_block || count > plain.size()) {
        return 0;
    }
    unsigned difference = 0;
    for (const char c : plain.substr(plain.size() - count)) {
        difference |= static_cast<unsigned char>(c) ^ static_cast<unsigned>(count);
    }
    return difference == 0 ? count : 0;
}

std::size_t read_length(std::string_view field) noexcept {
    std::size_t length = 0;
    for (const char c : field) {
        length = length << 8U | static_cast<unsigned char>(c);
    }
    return length;
}

void append_length(std::string& plain, std::size_t length) {
    assert(length <= std::numeric_limits<std::uint32_t>::max());
    for (unsigned shift : {24U, 16U, 8U, 0U}) {
        plain.push_back(static_cast<char>(static_cast<unsigned char>(length >> shift)));
    }
}

}  // namespace

// Safe for many threads at once: decryption with it changes nothing in it. (That would not hold for
// encryption: without AES instructions Crypto++ keeps working space inside the object.)
struct EncodingAesKey::DecryptionSchedule {
    CryptoPP::AES::Decryption cipher;
};

base::Result<EncodingAesKey> EncodingAesKey::parse(std::string_view text) {
    if (text.size() != encoding_aes_key_length) {
        return CallbackError::bad_key_length;
    }
    const auto bytes = base64_decode(std::string(text) + '=', SpareBits::ignored);
    EncodingAesKey key;
    // A `=` of the text's own would make the value a byte shorter.
    if (!bytes || bytes->size() != key.bytes_.size()) {
        return CallbackError::not_base64;
    }
    std::ranges::transform(*bytes, key.bytes_.begin(),
                           [](char c) { return static_cast<std::uint8_t>(c); });
    key.schedule_ = std::make_shared<DecryptionSchedule>();
    key.schedule_->cipher.SetKey(key.bytes_.data(), key.bytes_.size());
    return key;
}

std::string msg_signature(std::string_view callback_token, std::string_view timestamp,
                          std::string_view nonce, std::string_view encrypt) {
    std::array parts{callback_token, timestamp, nonce, encrypt};
    std::ranges::sort(parts);
    CryptoPP::SHA1 sha1;
    for (const auto part : parts) {
        sha1.Update(data_of(part), part.size());
    }
    std::array<CryptoPP::byte, CryptoPP::SHA1::DIGESTSIZE> digest{};
    sha1.Final(digest.data());
    return base::hex(digest);
}

bool signature_matches(std::string_view given, std::string_view callback_token,
                       std::string_view timestamp, std::string_view nonce,
                       std::string_view encrypt) {
    if (given.size() != signature_bytes) {
        return false;
    }
    const auto expected = msg_signature(callback_token, timestamp, nonce, encrypt);
    return CryptoPP::VerifyBufsEqual(data_of(given), data_of(std::string_view(expected)),
                                     signature_bytes);
}

base::Result<std::string> decrypt(const EncodingAesKey& key, std::string_view encrypt,
                                  std::string_view receive_id) {
    auto decoded = base64_decode(encrypt);
    if (!decoded) {
        return decoded.error();
    }
    std::string& plain = *decoded;
    if (plain.empty() || plain.size() % aes_block != 0) {
        return CallbackError::bad_ciphertext;
    }
    CryptoPP::CBC_Mode_ExternalCipher::Decryption cbc(key.schedule().cipher, key.bytes().data());
    cbc.ProcessData(data_of(plain), data_of(plain), plain.size());

    const auto padding = padding_of(plain);
    if (padding == 0) {
        return CallbackError::bad_padding;
    }
    plain.resize(plain.size() - padding);
    if (plain.size() < header_bytes) {
        return CallbackError::bad_length;
    }
    const auto whole = std::string_view(plain);
    const auto length = read_length(whole.substr(header_bytes - length_field, length_field));
    if (length > whole.size() - header_bytes) {
        return CallbackError::bad_length;
    }
    if (whole.substr(header_bytes + length) != receive_id) {
        return CallbackError::wrong_receive_id;
    }
    plain.resize(header_bytes + length);
    plain.erase(0, header_bytes);
    return decoded;
}

std::string encrypt(const EncodingAesKey& key, std::string_view message,
                    std::string_view receive_id, const RandomPrefix& prefix) {
    std::string plain;
    plain.reserve(header_bytes + message.size() + receive_id.size() + padding_block);
    plain.append(prefix.begin(), prefix.end());
    append_length(plain, message.size());
    plain.append(message).append(receive_id);
    const auto padding = padding_block - plain.size() % padding_block;
    plain.append(padding, static_cast<char>(padding));

    CryptoPP::CBC_Mode<CryptoPP::AES>::Encryption cipher(key.bytes().data(), key.bytes().size(),
                                                         key.bytes().data());
    cipher.ProcessData(data_of(plain), data_of(plain), plain.size());
    return base64_encode(plain);
}

}  // namespace hermes::wecom
