// What an operator sees of a message in a list: a line of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hermes::durable {

inline constexpr std::size_t preview_bytes_max = 120;

// The first line of `text` that says anything, cut between characters; an ellipsis stands for what
// is left out.
std::string preview_of(std::string_view text, std::size_t bytes_max = preview_bytes_max);

}  // namespace hermes::durable
