// The SQL of the inbox. Functions throw what SOCI throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "durable/database/row_time.hpp"
#include "durable/database/shards.hpp"
#include "durable/inbox/event.hpp"

namespace hermes::durable {

class Database;

enum class RowState : int { pending = 0, settled = 1, dead = 2 };

// The seq; empty if there is an event of that key.
std::optional<std::int64_t> insert_event(Database& database, const NewEvent& event, RowTime now);
// Whether it was pending; without effect otherwise.
bool settle_event(Database& database, std::int64_t seq, RowTime now);

// These say how many attempts there are then, and not how many more, so that a repetition after a
// commit of unknown outcome changes nothing.
// `run`: of the gateway that begins, or has begun. The first tells whether the event was pending.
// `begun`: nothing of an attempt that goes on, and was taken back meanwhile.
bool charge_attempt(Database& database, std::int64_t seq, int attempts, std::int64_t run,
                    std::optional<RowTime> begun);
void set_attempts(Database& database, std::int64_t seq, int attempts, std::int64_t run);
// Whether it was pending.
bool set_event_aside(Database& database, std::int64_t seq, const std::string& reason, RowTime now);

// Pending events of these shards after that one, oldest first.
std::vector<PendingEvent> read_pending_events(Database& database, Shards own, std::int64_t after,
                                              int limit);
// Of pending events, oldest first: those that have one attempt left.
std::vector<std::int64_t> read_last_attempts(Database& database, Shards own, int limit);
// Those that are pending, oldest first.  [PostgreSQL]
std::vector<StoredEvent> read_if_pending(Database& database, const std::vector<std::int64_t>& seqs);
// Empty if it is not pending.
std::optional<StoredEvent> read_event(Database& database, std::int64_t seq);
// Those whose files may be asked for yet: pending ones, and dead letters.
std::vector<std::int64_t> read_events_with_files(Database& database);
std::string read_account(Database& database, std::int64_t seq);

// 0 where there is no such event.
int shard_of_event(Database& database, std::int64_t seq);

// Whether another gateway has begun with that event, or finished it. What is answered without a
// turn is begun by nobody: settled it was answered by another one, unless that `may_be_ours`.
bool is_begun_elsewhere(Database& database, std::int64_t run, std::int64_t seq, bool may_be_ours);

}  // namespace hermes::durable
