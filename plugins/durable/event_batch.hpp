// The new events of a batch, inserted by one statement: to a database server each statement is a
// way there and back, and costs it more than the row. With SQLite nothing is gathered. Functions
// throw what SOCI throws.
#pragma once

#include <cstdint>
#include <optional>

#include "durable/event.hpp"
#include "durable/row_time.hpp"

namespace hermes::durable {

class Database;

// What became of an event.
struct Inserted {
    std::optional<std::int64_t> seq;  // empty if there is an event of that key
};

// To be inserted in this transaction, with those before it and after it.
void gather_event(Database& database, const NewEvent& event);
// Of what was gathered, in that order; the first call inserts all of it. Empty if this event was
// not gathered, or the transaction has failed since.
std::optional<Inserted> take_gathered(Database& database, const NewEvent& event, RowTime now);

}  // namespace hermes::durable
