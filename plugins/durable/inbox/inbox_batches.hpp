// The rows of the inbox that a commit changes, in few statements: to a database server each
// statement is a way there and back, and costs it more than the row.
//
// What a write will ask for is gathered before the first of its transaction is applied
// (Write::gather); the first one that comes for its own has it done for all. With SQLite nothing is
// gathered. What `take` does not know was not gathered in this transaction, and is for the caller
// to do. Functions throw what SOCI throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "durable/database/row_time.hpp"
#include "durable/inbox/event.hpp"

namespace hermes::durable {

class Database;

struct Inserted {
    std::optional<std::int64_t> seq;  // empty if there is an event of that key
};
void gather_insert(Database& database, const NewEvent& event, RowTime now);
std::optional<Inserted> take_insert(Database& database, const NewEvent& event);

// Whether the event was pending.
void gather_settle(Database& database, std::int64_t seq, RowTime now);
std::optional<bool> take_settle(Database& database, std::int64_t seq);

// Likewise; as charge_attempt (inbox_rows.hpp).
void gather_charge(Database& database, std::int64_t seq, int attempts, std::int64_t run,
                   RowTime now);
std::optional<bool> take_charge(Database& database, std::int64_t seq);

}  // namespace hermes::durable
