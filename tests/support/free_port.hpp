// For a server that has to be told its port.
#pragma once

#include <cstdint>

namespace hermes::test {

// A loopback port that was free a moment ago.
std::uint16_t free_port();

}  // namespace hermes::test
