// The table `meta`: numbers that the gateway and those beside it tell each other.
#pragma once

#include <cstdint>

namespace hermes::durable {

class Database;

// How a visitor tells the gateway that it has changed something; in the transaction of the change.
void announce_outside_change(Database& database);
std::int64_t count_outside_changes(Database& database);

// How a gateway that finds a visitor in its place asks it to leave, and how that one hears of it.
void ask_visitor_to_leave(Database& database);
std::int64_t count_gateways_wanted(Database& database);

// Counts a gateway's start; returns its number.
std::int64_t start_run(Database& database);
// That of the gateway that is there, -1 if none is: as begun_by_a_gateway (statement.hpp) takes it.
std::int64_t read_present_run(Database& database);

// running_time.hpp. What is kept never goes back.
std::int64_t read_running_ms(Database& database);
void keep_running_ms(Database& database, std::int64_t running_ms);

// A write that changes nothing of meaning.
void write_probe(Database& database, std::int64_t number);

}  // namespace hermes::durable
