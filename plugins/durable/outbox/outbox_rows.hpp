// The SQL of the outbox. Functions throw what SOCI throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "durable/database/running_time.hpp"
#include "durable/database/shards.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/outbox/outbox.hpp"

namespace hermes::durable {

class Database;

struct InsertedPart {
    std::int64_t seq = 0;
    DuplicateCheck duplicate_check = DuplicateCheck::on;
    bool operator==(const InsertedPart&) const = default;
};

// Two payloads that share it by chance only do without the duplicate check. Two files that are
// alike in name and content are the same to the platform.
std::int64_t fingerprint_of(const std::string& payload, const StoredFile* file = nullptr);
// How long an equal one may be taken for the same.
inline constexpr std::int64_t equal_memory_ms = std::chrono::milliseconds(equal_memory).count();
DuplicateCheck check_of(int checked) noexcept;

// All parts, whose files are adopted; the first one's seq is the message. In a transaction.
std::vector<InsertedPart> insert_parts(Database& database, const NewMessage& message,
                                       std::int64_t enqueue_id, RowTime now);
// Those of that enqueue, if a commit whose outcome was not learned has stored them.
std::vector<InsertedPart> find_parts(Database& database, std::int64_t enqueue_id);
// A dead letter from the start.
void insert_lost(Database& database, const LostReply& reply, std::int64_t enqueue_id, RowTime now);

// Begins the lifetime of what the operator has put back.
void begin_lifetimes(Database& database, std::int64_t now_run_ms);
// What a text of version 1 has become, with its duplicate check. In the order of seqs.
struct Rewritten {
    std::int64_t seq = 0;
    std::string account, chat, payload, preview;
};
void put_payload(Database& database, const Rewritten& part, std::int64_t now_run_ms);

std::vector<PendingPart> read_pending_parts(Database& database, Shards own, std::int64_t after,
                                            int limit, const RunningTime& time);
std::vector<PendingPart> read_parts_of(Database& database, std::int64_t message,
                                       const RunningTime& time);
std::optional<OutboxPart> read_part(Database& database, std::int64_t seq);
// In running time, oldest first.
std::vector<std::int64_t> read_deliveries(Database& database, const std::string& account,
                                          const std::string& chat, std::int64_t since_run_ms);

// `attempt`: what entry_of has made (attempt_log.hpp). A repetition after a commit of unknown
// outcome changes nothing.
void mark_delivered(Database& database, std::int64_t seq, const std::string& msgid,
                    const std::string& attempt, RowTime now);
void mark_retry(Database& database, const RetryRecord& record, std::int64_t next_attempt_run_ms,
                const std::string& attempt);
// That has failed, of a part that is pending.
void add_attempt(Database& database, std::int64_t seq, const std::string& attempt);
void count_attempt(Database& database, std::int64_t seq);
void set_message_aside(Database& database, std::int64_t message, int code,
                       const std::string& reason, RowTime now);

Outbox::Outcome read_outcome(Database& database, std::int64_t message);

}  // namespace hermes::durable
