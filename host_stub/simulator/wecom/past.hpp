// What a simulator of an earlier run has seen, as whoever remembers it has kept it. Plain values.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
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
    std::map<std::string, boost::json::object> menus{};  // by app
};

}  // namespace hermes::host::simulator
