#include "protocol/sha256.hpp"

#include <cryptopp/sha.h>

#include <array>

#include "base/ascii.hpp"

namespace hermes::wecom {

std::string sha256_hex(std::string_view text) {
    std::array<CryptoPP::byte, CryptoPP::SHA256::DIGESTSIZE> digest{};
    CryptoPP::SHA256().CalculateDigest(
        digest.data(), reinterpret_cast<const CryptoPP::byte*>(text.data()), text.size());
    return base::hex(digest);
}

}  // namespace hermes::wecom
