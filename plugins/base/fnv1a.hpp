// FNV-1a: a short hash that is the same in every run and on every machine. Not for what
// somebody could want to forge.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

namespace hermes::base {

template <typename Word>
requires std::same_as<Word, std::uint32_t> || std::same_as<Word, std::uint64_t>
constexpr Word fnv1a(std::string_view text) noexcept {
    constexpr bool is_wide = sizeof(Word) == sizeof(std::uint64_t);
    constexpr auto prime = static_cast<Word>(is_wide ? 0x100000001b3 : 0x01000193);
    auto hash = static_cast<Word>(is_wide ? 0xcbf29ce484222325 : 0x811c9dc5);
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    }
    return hash;
}

}  // namespace hermes::base
