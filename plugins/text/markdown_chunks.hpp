// Long documents in pieces that are rendered one by one: CommonMark's worst cases grow with the
// square of a text, and a reply may have a megabyte.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace hermes::text {

inline constexpr std::size_t markdown_chunk_bytes = std::size_t{32} * 1024;
// How far a chunk may grow in search of a blank line.
inline constexpr std::size_t stretched_chunk_bytes = 2 * markdown_chunk_bytes;

// Joined they are the text. Each ends at a blank line outside of fenced code, where a document can
// be parted without a change of meaning; where none comes, at another line, or anywhere. None is
// longer than stretched_chunk_bytes but for fenced code at its end, whose worst case is linear.
std::vector<std::string_view> markdown_chunks(std::string_view markdown);

}  // namespace hermes::text
