#pragma once

#include <cstdint>
#include <string>

namespace hermes::durable {

// An event that the host did not settle in `event_attempts_max` attempts and that was set aside.
struct DeadEvent {
    std::int64_t seq = 0;
    std::string account;
    std::string chat;
    int attempts = 0;
    std::string reason;
};

}  // namespace hermes::durable
