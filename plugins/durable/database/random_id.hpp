// Numbers for rows that a process names itself, so that a write which is tried again, since its
// outcome was not learned, finds what it has written.
#pragma once

#include <cstdint>
#include <random>

namespace hermes::durable {

// Where the ids of a process begin: far from those of any other, and never 0.
inline std::int64_t first_id() {
    std::random_device random;
    const auto high = static_cast<std::int64_t>(random() & 0x3fff'ffffU);
    return (high << 32) + (static_cast<std::int64_t>(random()) & 0xffff'0000) + 1;
}

}  // namespace hermes::durable
