// Where a part of a text had best end.
#pragma once

#include <cstddef>
#include <string_view>

namespace hermes::text {

// The end of the best part of `text` that begins at `begin` and has at most `bytes_max` bytes (at
// least 4): after `begin`, and the end of the text if the rest fits. text_split.hpp tells what is
// best. Looks at no more than the part and one character behind it.
std::size_t best_cut(std::string_view text, std::size_t begin, std::size_t bytes_max) noexcept;

}  // namespace hermes::text
