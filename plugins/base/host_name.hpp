// This machine, as it calls itself.
#pragma once

#include <unistd.h>

#include <string>

namespace hermes::base {

// Empty if it has no name.
inline std::string host_name() {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace hermes::base
