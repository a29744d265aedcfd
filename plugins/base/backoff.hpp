// Growing waits. Pure.
#pragma once

#include <algorithm>
#include <chrono>

namespace hermes::base {

// The n-th wait, from 1 on: first * 2^(n-1), at most `longest`.
inline std::chrono::milliseconds backoff(std::chrono::milliseconds first, int attempt,
                                         std::chrono::milliseconds longest) {
    auto wait = std::min(first, longest);
    for (int i = 1; i < attempt && wait < longest; ++i) {
        wait = std::min(wait * 2, longest);
    }
    return wait;
}

// Between half of it and all of it, so that what failed together does not come back together.
inline std::chrono::milliseconds jittered(std::chrono::milliseconds wait, double chance) {
    const double share = 0.5 + std::clamp(chance, 0.0, 1.0) / 2;
    return std::chrono::milliseconds(
        static_cast<std::chrono::milliseconds::rep>(static_cast<double>(wait.count()) * share));
}

}  // namespace hermes::base
