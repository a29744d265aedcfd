// The SQL of the inbox. Functions throw what SOCI throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "state/inbox.hpp"

namespace hermes::wecom {

class Database;

enum class RowState : int { pending = 0, settled = 1, dead = 2 };

struct PendingEvent {
    std::int64_t seq = 0;
    std::string account;
    std::string chat;
    int attempts = 0;
};

// The seq; empty if there is an event of that key.
std::optional<std::int64_t> insert_event(Database& database, const NewEvent& event,
                                         std::int64_t now_ms);
// Without effect unless the event is pending.
void settle_event(Database& database, std::int64_t seq, std::int64_t now_ms);

// Handed over in that run; `charge` is 0 or 1 attempts.
void mark_handed_over(Database& database, std::int64_t seq, std::int64_t run, int charge);
void take_back_charge(Database& database, std::int64_t seq);
void set_event_aside(Database& database, std::int64_t seq, const std::string& reason,
                     std::int64_t now_ms);

// Pending events after that one, oldest first.
std::vector<PendingEvent> read_pending_events(Database& database, std::int64_t after, int limit);
// Of pending events, oldest first: those that have one attempt left.
std::vector<std::int64_t> read_last_attempts(Database& database, int limit);
// Empty if it is not pending.
std::optional<StoredEvent> read_event(Database& database, std::int64_t seq);
std::string read_account(Database& database, std::int64_t seq);

}  // namespace hermes::wecom
