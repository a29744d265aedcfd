// Removes rows that nobody needs any more, a small piece at a time.
//
//   inbox    settled: when its duplicate key may be forgotten
//   outbox   delivered: when pacing and the operator have no more use for it
//   both     dead letters: after a month
//
// Ages are counted in the store's running time: no reading of the wall clock can make a row old.
#pragma once

#include <chrono>
#include <cstdint>

#include "durable/inbox/inbox.hpp"

namespace hermes::durable {

class Database;

inline constexpr std::chrono::hours delivered_memory{26};
inline constexpr std::chrono::hours dead_letter_memory{30 * 24};

class Retention {
public:
    // One piece, in a transaction. Returns whether there is more to look at now.
    bool clean(Database& database, std::int64_t now_run_ms);

private:
    enum class Table { inbox, outbox };

    Table table_ = Table::inbox;  // where the next piece begins
    std::int64_t after_ = 0;
};

}  // namespace hermes::durable
