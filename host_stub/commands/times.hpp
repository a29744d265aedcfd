// Times as commands print them.
#pragma once

#include <array>
#include <chrono>
#include <ctime>
#include <string>

namespace hermes::host {

// 2026-11-26T08:00:00Z
inline std::string utc(std::chrono::system_clock::time_point time) {
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

}  // namespace hermes::host
