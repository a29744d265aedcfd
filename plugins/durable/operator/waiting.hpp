// What waits, counted for whoever watches: by account, without a word of what it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "hermes/ext/state_inspector.hpp"

namespace hermes::durable {

class Database;

struct Waiting {
    StateSide side = StateSide::inbox;
    std::string account{};
    std::int64_t rows = 0;  // events, or parts of messages
    std::optional<base::WallTime> oldest{};
};

struct SetAsideCount {
    StateSide side = StateSide::inbox;
    std::string account{};
    std::int64_t letters = 0;
};

// Accounts of which nothing waits are left out. By indices: cheap however much has been settled.
std::vector<Waiting> count_waiting(Database& database);
// Looks at every row.
std::vector<SetAsideCount> count_set_aside(Database& database);

}  // namespace hermes::durable
