// Chats are divided into shards, each of which one gateway serves: a set of them, and which one a
// chat is in. Pure.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "base/fnv1a.hpp"

namespace hermes::durable {

// Fixed by what is stored: rows know their shard.
inline constexpr int shard_count = 64;

class Shards {
public:
    constexpr Shards() noexcept = default;
    static constexpr Shards all() noexcept { return Shards(~std::uint64_t{0}); }
    static constexpr Shards one(int shard) noexcept { return Shards(std::uint64_t{1} << shard); }
    // As a column or a parameter of a statement holds them.
    static constexpr Shards from_bits(std::int64_t bits) noexcept {
        return Shards(static_cast<std::uint64_t>(bits));
    }
    constexpr std::int64_t bits() const noexcept { return static_cast<std::int64_t>(bits_); }

    constexpr bool contain(int shard) const noexcept { return ((bits_ >> shard) & 1) != 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr int size() const noexcept { return std::popcount(bits_); }

    constexpr Shards& operator|=(Shards other) noexcept {
        bits_ |= other.bits_;
        return *this;
    }
    constexpr Shards& operator-=(Shards other) noexcept {
        bits_ &= ~other.bits_;
        return *this;
    }
    friend constexpr Shards operator|(Shards a, Shards b) noexcept { return a |= b; }
    friend constexpr Shards operator-(Shards a, Shards b) noexcept { return a -= b; }
    friend constexpr Shards operator&(Shards a, Shards b) noexcept {
        return Shards(a.bits_ & b.bits_);
    }
    constexpr bool operator==(const Shards&) const noexcept = default;

    template <typename Use>
    void for_each(Use use) const {
        for (auto left = bits_; left != 0; left &= left - 1) {
            use(std::countr_zero(left));
        }
    }

private:
    explicit constexpr Shards(std::uint64_t bits) noexcept : bits_(bits) {}
    std::uint64_t bits_ = 0;
};

// The same for ever: what is stored of a chat, in whichever table, is in one shard.
constexpr int shard_of(std::string_view account, std::string_view chat) noexcept {
    constexpr std::uint64_t mix = 0x9e37'79b9'7f4a'7c15;
    const auto hash =
        (base::fnv1a<std::uint64_t>(account) * mix + base::fnv1a<std::uint64_t>(chat)) * mix;
    return static_cast<int>(hash >> 58);
}

}  // namespace hermes::durable
