// What is wrong with a configuration: collected, so that an operator sees everything at once.
#pragma once

#include <string>
#include <vector>

namespace hermes::host {

// One line each, beginning with the key path, the variable or the file that it is about.
struct Problems {
    std::vector<std::string> errors{};    // nothing may start
    std::vector<std::string> warnings{};  // probably not what was meant
};

}  // namespace hermes::host
