// How a visitor tells the gateway that it has changed something: a number in the table `meta`.
#pragma once

#include <cstdint>

namespace hermes::wecom {

class Database;

void announce_outside_change(Database& database);  // in the transaction of the change
std::int64_t count_outside_changes(Database& database);

}  // namespace hermes::wecom
