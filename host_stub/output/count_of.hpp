// Counts, as people read them.
#pragma once

#include <concepts>
#include <string>

namespace hermes::host {

// "1 file", "3 files"
inline std::string count_of(std::integral auto count, const std::string& noun) {
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

}  // namespace hermes::host
