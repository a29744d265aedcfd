#include "durable/operator/waiting.hpp"

#include <soci/soci.h>

#include "durable/database/database.hpp"
#include "durable/database/statement.hpp"

namespace hermes::durable {
namespace {

constexpr const char* waiting_events =
    "select account, count(*), min(received_at_ms) from inbox where state = 0 group by account";
constexpr const char* waiting_parts =
    "select account, count(*), min(created_at_ms) from outbox where state = 0 group by account";
constexpr const char* dead_events =
    "select account, count(*) from inbox where state = 2 group by account";
// Rows are parts; a letter is what is left of a message.
constexpr const char* dead_messages =
    "select account, count(distinct case message when 0 then seq else message end)"
    " from outbox where state = 2 group by account";

void add_waiting(soci::session& sql, StateSide side, const char* query,
                 std::vector<Waiting>& counts) {
    Waiting row{.side = side};
    std::int64_t oldest_ms = 0;
    soci::statement statement = (sql.prepare << query, soci::into(row.account),
                                 soci::into(row.rows), soci::into(oldest_ms));
    for_each_row(statement, [&] {
        row.oldest = base::from_unix_ms(oldest_ms);
        counts.push_back(row);
    });
}

void add_set_aside(soci::session& sql, StateSide side, const char* query,
                   std::vector<SetAsideCount>& counts) {
    SetAsideCount row{.side = side};
    soci::statement statement =
        (sql.prepare << query, soci::into(row.account), soci::into(row.letters));
    for_each_row(statement, [&] { counts.push_back(row); });
}

}  // namespace

std::vector<Waiting> count_waiting(Database& database) {
    std::vector<Waiting> counts;
    add_waiting(database.session(), StateSide::inbox, waiting_events, counts);
    add_waiting(database.session(), StateSide::outbox, waiting_parts, counts);
    return counts;
}

std::vector<SetAsideCount> count_set_aside(Database& database) {
    std::vector<SetAsideCount> counts;
    add_set_aside(database.session(), StateSide::inbox, dead_events, counts);
    add_set_aside(database.session(), StateSide::outbox, dead_messages, counts);
    return counts;
}

}  // namespace hermes::durable
