#include "simulator/wecom/wecom_crypt.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/ascii.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t padding_block = 32;  // of the scheme; AES itself has 16
constexpr std::size_t aes_block = 16;
constexpr std::size_t prefix_bytes = 16;
constexpr std::size_t length_bytes = 4;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void require(int result, const char* step) {
    if (result != 1) {
        throw std::runtime_error(std::string("OpenSSL: ") + step + " failed");
    }
}

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP adds a terminator
    const int length =
        EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

// EVP ignores white space around the text; padding decodes to zero bytes, which are removed here.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), static_cast<int>(text.size()));
    if (length < 0 || static_cast<std::size_t>(length) != bytes.size()) {
        return std::nullopt;
    }
    const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    bytes.resize(bytes.size() - padding);
    return bytes;
}

enum class Direction { decrypt, encrypt };

std::string aes_256_cbc(const std::array<std::uint8_t, 32>& key, std::string_view input,
                        Direction direction) {
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    require(EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), key.data(),
                              direction == Direction::encrypt ? 1 : 0),
            "cipher init");
    require(EVP_CIPHER_CTX_set_padding(context.get(), 0), "no padding");
    std::string output(input.size() + aes_block, '\0');
    int length = 0;
    require(EVP_CipherUpdate(context.get(), bytes_of(output), &length, bytes_of(input),
                             static_cast<int>(input.size())),
            "cipher");
    output.resize(static_cast<std::size_t>(length));
    return output;
}

std::string big_endian(std::size_t value) {
    std::string text(length_bytes, '\0');
    for (std::size_t i = 0; i < length_bytes; ++i) {
        text[i] = static_cast<char>((value >> (8 * (length_bytes - 1 - i))) & 0xff);
    }
    return text;
}

std::size_t from_big_endian(std::string_view text) {
    std::size_t value = 0;
    for (const char byte : text) {
        value = value << 8 | static_cast<std::uint8_t>(byte);
    }
    return value;
}

std::optional<std::string> without_padding(std::string plain) {
    const auto count = static_cast<std::uint8_t>(plain.back());
    if (count < 1 || count > padding_block || count > plain.size()) {
        return std::nullopt;
    }
    if (!std::all_of(plain.end() - count, plain.end(),
                     [&](char byte) { return byte == plain.back(); })) {
        return std::nullopt;
    }
    plain.resize(plain.size() - count);
    return plain;
}

}  // namespace

RandomPrefix random_prefix() {
    RandomPrefix prefix{};
    require(RAND_bytes(prefix.data(), static_cast<int>(prefix.size())), "random");
    return prefix;
}

std::string random_text(std::size_t length) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // Bytes beyond the largest multiple of 62 would make the first letters more likely.
    static constexpr std::uint8_t limit = 256 / alphabet.size() * alphabet.size();
    std::string text;
    while (text.size() < length) {
        for (const auto byte : random_prefix()) {
            if (byte < limit && text.size() < length) {
                text.push_back(alphabet[byte % alphabet.size()]);
            }
        }
    }
    return text;
}

std::string sign(std::string_view callback_token, std::string_view timestamp,
                 std::string_view nonce, std::string_view encrypted) {
    std::array parts{callback_token, timestamp, nonce, encrypted};
    std::sort(parts.begin(), parts.end());
    std::string joined;
    for (const auto part : parts) {
        joined += part;
    }
    std::array<std::uint8_t, 20> digest{};
    require(EVP_Digest(joined.data(), joined.size(), digest.data(), nullptr, EVP_sha1(), nullptr),
            "SHA-1");
    return base::hex(digest);
}

Cipher::Cipher(std::string_view encoding_aes_key, std::string receive_id)
    : receive_id_(std::move(receive_id)) {
    const auto bytes = encoding_aes_key.size() == key_characters
                           ? from_base64(std::string(encoding_aes_key) + '=')
                           : std::nullopt;
    if (!bytes || bytes->size() != key_.size()) {
        throw std::invalid_argument("encoding_aes_key is not 43 characters of A-Z a-z 0-9");
    }
    std::copy(bytes->begin(), bytes->end(), key_.begin());
}

std::string Cipher::encrypt(std::string_view message, const RandomPrefix& prefix) const {
    std::string plain(prefix.begin(), prefix.end());
    plain += big_endian(message.size());
    plain += message;
    plain += receive_id_;
    const auto padding = padding_block - plain.size() % padding_block;
    plain.append(padding, static_cast<char>(padding));
    return to_base64(aes_256_cbc(key_, plain, Direction::encrypt));
}

std::optional<std::string> Cipher::decrypt(std::string_view encrypted) const {
    const auto bytes = from_base64(encrypted);
    if (!bytes || bytes->empty() || bytes->size() % aes_block != 0) {
        return std::nullopt;
    }
    const auto plain = without_padding(aes_256_cbc(key_, *bytes, Direction::decrypt));
    if (!plain || plain->size() < prefix_bytes + length_bytes) {
        return std::nullopt;
    }
    const auto view = std::string_view(*plain).substr(prefix_bytes);
    const auto length = from_big_endian(view.substr(0, length_bytes));
    const auto rest = view.substr(length_bytes);
    if (length > rest.size() || rest.substr(length) != receive_id_) {
        return std::nullopt;
    }
    return std::string(rest.substr(0, length));
}

}  // namespace hermes::host::simulator
