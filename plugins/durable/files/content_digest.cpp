#include "durable/files/content_digest.hpp"

#include <cryptopp/sha.h>

#include <array>

#include "base/ascii.hpp"

namespace hermes::durable {

struct ContentDigest::State {
    CryptoPP::SHA256 hash;
};

ContentDigest::ContentDigest() : state_(std::make_unique<State>()) {}
ContentDigest::ContentDigest(ContentDigest&& other) noexcept = default;
ContentDigest& ContentDigest::operator=(ContentDigest&& other) noexcept = default;
ContentDigest::~ContentDigest() = default;

void ContentDigest::add(std::string_view bytes) {
    state_->hash.Update(reinterpret_cast<const CryptoPP::byte*>(bytes.data()), bytes.size());
}

std::string ContentDigest::take() {
    std::array<CryptoPP::byte, CryptoPP::SHA256::DIGESTSIZE> digest{};
    state_->hash.Final(digest.data());
    return base::hex(digest);
}

}  // namespace hermes::durable
