// A file that WeCom gives only piece by piece (errcode 830002). WeCom doc 90254: at most 20 MB at a
// time, in multiples of 16 bytes, as some media are kept encrypted, but for the end of the last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::wecom {

inline constexpr std::uint64_t media_range_bytes = std::uint64_t{16} * 1024 * 1024;

// The header Range for the piece that begins there. `total`: of the file; 0: not known yet.
std::string media_range(std::uint64_t begin, std::uint64_t total);

// What a reply with status 206 has of the file.
struct MediaRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  // behind its last byte
    std::uint64_t total = 0;
};

// Of the header Content-Range, "bytes 0-99/200"; nothing if it is anything else.
std::optional<MediaRange> parse_media_range(std::string_view content_range);

}  // namespace hermes::wecom
