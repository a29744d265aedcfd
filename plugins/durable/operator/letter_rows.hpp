// Dead letters, and counts of what is not dead, as the tables have them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "durable/operator/operator_view.hpp"

namespace soci {
class session;
}

namespace hermes::durable {

class Database;

struct LetterId {
    StateSide side;
    std::int64_t number;
};

// As operators write it: `in-17`, `out-4`.
std::string id_text(StateSide side, std::int64_t number);
std::optional<LetterId> parse_letter_id(std::string_view text);

StateCounts count_inbox(Database& database);
StateCounts count_outbox(soci::session& sql);

// `number` 0: all, oldest first, at most `limit`. `account` is what is stored.
std::vector<DeadLetter> read_dead_events(soci::session& sql, std::int64_t number, std::size_t limit,
                                         const LetterWords& words);
// Rows are parts; a letter is what is left of a message.
std::vector<DeadLetter> read_dead_messages(soci::session& sql, std::int64_t number,
                                           std::size_t limit, const LetterWords& words);

// As OperatorView::sent_parts.
std::vector<SentPart> read_sent_parts(soci::session& sql, const std::string& platform_id);

// Those that fit, but for what nobody could deliver; `account` is what is stored, empty: any.
std::vector<LetterId> read_fitting(soci::session& sql, const DeadLetterFilter& filter,
                                   const std::string& account);

}  // namespace hermes::durable
