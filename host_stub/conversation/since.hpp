#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace hermes::host {

// "30m", "24h", "7d" before `now`; "2026-11-26" or "2026-11-26T08:00", in UTC. Empty for anything
// else.
std::optional<std::chrono::system_clock::time_point> parse_since(
    const std::string& text, std::chrono::system_clock::time_point now);

}  // namespace hermes::host
