// What config.yaml says under `watch`: how often doctor looks, and who is told what has changed.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/config_node.hpp"
#include "config/problems.hpp"

namespace hermes::host {

struct WatchConfig {
    std::chrono::seconds every{0};       // 0: nobody watches
    std::string account{};               // through which `chat` is told
    std::string chat{};                  // empty: nobody is
    std::vector<std::string> command{};  // that is told on its stdin; empty: none
};

// Whoever has the section has somebody watch, with what it says. Null is no section.
WatchConfig read_watch(const ConfigNode* section, Problems& problems);

}  // namespace hermes::host
