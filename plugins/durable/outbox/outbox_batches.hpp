// The rows of the outbox that a commit changes, in few statements: as inbox_batches.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "durable/database/row_time.hpp"
#include "durable/outbox/outbox_rows.hpp"

namespace hermes::durable {

class Database;

// A message of one part without a file; others are left out here. So is one that may have been
// stored before, or is to be stored under a condition: of that the caller tells. In the order in
// which they are to be stored.
enum class Gathering { taken_in, left_out };
void gather_message(Database& database, const NewMessage& message, std::int64_t enqueue_id,
                    RowTime now, Gathering how);
std::optional<InsertedPart> take_message(Database& database, std::int64_t enqueue_id);

// Whether it was there, and not delivered; as mark_delivered (outbox_rows.hpp).
void gather_delivered(Database& database, std::int64_t seq, const std::string& msgid,
                      const std::string& attempt, RowTime now);
std::optional<bool> take_delivered(Database& database, std::int64_t seq);

}  // namespace hermes::durable
