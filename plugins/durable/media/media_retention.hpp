// Which files of events are to be removed. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hermes::durable {

struct MediaEntry {
    std::string name;
    std::int64_t seq = 0;
    bool partial = false;
    std::uint64_t bytes = 0;
    std::chrono::system_clock::time_point modified_at;
};

struct MediaRetention {
    std::chrono::system_clock::time_point now;
    std::chrono::seconds keep{0};
    std::chrono::seconds keep_partial{0};  // of what was never completed
    std::uint64_t free = 0;                // bytes on that disk
    std::uint64_t reserve = 0;             // which are to be free
};

// The names of what is older than it is kept, and from the oldest on of as much as is needed for
// the reserve; never of an event in `needed`.
std::vector<std::string> files_to_remove(std::vector<MediaEntry> entries,
                                         const std::vector<std::int64_t>& needed,
                                         const MediaRetention& retention);

}  // namespace hermes::durable
