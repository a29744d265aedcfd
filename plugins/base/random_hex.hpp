// Names that nobody else has chosen.
#pragma once

#include <cstddef>
#include <string>

namespace hermes::base {

// So many random bytes, at most 256, two digits each.
std::string random_hex(std::size_t bytes);

}  // namespace hermes::base
