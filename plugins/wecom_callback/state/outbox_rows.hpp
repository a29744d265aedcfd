// The SQL of the outbox. Functions throw what SOCI throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "state/outbox.hpp"

namespace hermes::wecom {

class Database;

// All parts; the first one's seq is the message. In a transaction.
std::vector<std::int64_t> insert_parts(Database& database, const NewMessage& message,
                                       std::int64_t now_ms);
// Those of a message like that, stored at that very time and still pending; usually none.
std::vector<std::int64_t> find_parts(Database& database, const NewMessage& message,
                                     std::int64_t now_ms);

std::vector<PendingPart> read_pending_parts(Database& database, std::int64_t after, int limit);
std::optional<OutboxPart> read_part(Database& database, std::int64_t seq);
std::vector<support::WallTime> read_deliveries(Database& database, const std::string& account,
                                               const std::string& chat, std::int64_t since_ms);

void mark_delivered(Database& database, std::int64_t seq, const std::string& msgid,
                    std::int64_t now_ms);
void mark_retry(Database& database, const RetryRecord& record);
void set_message_aside(Database& database, std::int64_t message, const std::string& reason,
                       std::int64_t now_ms);

Outbox::Outcome read_outcome(Database& database, std::int64_t message);

}  // namespace hermes::wecom
