// What a simulator of an earlier run has seen, as whoever remembers it has kept it. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "simulator/wecom/media_shelf.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

struct Past {
    std::vector<ChatEntry> entries{};  // the oldest first, as are the steps
    std::vector<WireStep> steps{};
    std::vector<std::pair<std::string, Media>> media{};  // with their media ids
};

}  // namespace hermes::host::simulator
