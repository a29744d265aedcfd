#include "simulator/page_server/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <span>

#include "base/ascii.hpp"

namespace hermes::host::simulator {

std::string sha256_of(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
    return base::hex(std::span(digest).first(size));
}

}  // namespace hermes::host::simulator
