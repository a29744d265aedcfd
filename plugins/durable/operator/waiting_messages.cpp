#include "durable/operator/waiting_messages.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/preview.hpp"
#include "durable/database/statement.hpp"
#include "durable/operator/letter_rows.hpp"

namespace hermes::durable {
namespace {

// Duplicate keys end with the platform's id, where it gave one.
std::string message_id_of(std::string_view duplicate_key) {
    static constexpr std::string_view mark = "/id/";
    const auto at = duplicate_key.rfind(mark);
    return std::string(at == std::string_view::npos ? "" : duplicate_key.substr(at + mark.size()));
}

void read_events(soci::session& sql, std::int64_t run, std::int64_t limit, const LetterWords& words,
                 std::vector<WaitingMessage>& waiting) {
    WaitingMessage message;
    std::int64_t seq = 0, received_at_ms = 0;
    int is_worked_on = 0;
    std::string key, payload;
    soci::statement read =
        (sql.prepare << "select seq, account, chat, attempts, received_at_ms, reason, payload,"
                        " duplicate_key, case when "
                     << begun_by_a_gateway
                     << " then 1 else 0 end"
                        " from inbox where state = 0 order by seq limit :most",
         soci::use(run, "run"), soci::use(limit, "most"), soci::into(seq),
         soci::into(message.account), soci::into(message.chat.value), soci::into(message.attempts),
         soci::into(received_at_ms), soci::into(message.reason), soci::into(payload),
         soci::into(key), soci::into(is_worked_on));
    for_each_row(read, [&] {
        message.side = StateSide::inbox;
        message.id = id_text(message.side, seq);
        message.message_id = message_id_of(key);
        message.is_worked_on = is_worked_on != 0;
        message.created_at = base::from_unix_ms(received_at_ms);
        message.preview = preview_of(words.read_event(payload));
        waiting.push_back(message);
    });
}

void read_replies(soci::session& sql, std::int64_t limit, const LetterWords& words,
                  std::vector<WaitingMessage>& waiting) {
    WaitingMessage message;
    std::int64_t first_part = 0, created_at_ms = 0;
    std::string key, payload;
    soci::statement read =
        (sql.prepare << "select case message when 0 then outbox.seq else message end,"
                        " outbox.account, outbox.chat, outbox.attempts, created_at_ms,"
                        " outbox.reason, outbox.payload, preview, coalesce(duplicate_key, '')"
                        " from outbox left join inbox on inbox.seq = outbox.answers"
                        " where outbox.state = 0 and outbox.seq in"
                        " (select min(seq) from outbox where state = 0"
                        " group by case message when 0 then seq else message end)"
                        " order by outbox.seq limit :most",
         soci::use(limit, "most"), soci::into(first_part), soci::into(message.account),
         soci::into(message.chat.value), soci::into(message.attempts), soci::into(created_at_ms),
         soci::into(message.reason), soci::into(payload), soci::into(message.preview),
         soci::into(key));
    for_each_row(read, [&] {
        message.side = StateSide::outbox;
        message.id = id_text(message.side, first_part);
        message.message_id = message_id_of(key);
        message.created_at = base::from_unix_ms(created_at_ms);
        if (message.preview.empty()) {
            message.preview = preview_of(words.read_part(payload));
        }
        waiting.push_back(message);
    });
}

}  // namespace

std::vector<WaitingMessage> read_waiting(Database& database, std::size_t limit,
                                         const LetterWords& words) {
    auto& sql = database.session();
    const auto run = read_present_run(database);
    std::vector<WaitingMessage> waiting;
    const auto most = static_cast<std::int64_t>(limit);
    read_events(sql, run, most, words, waiting);
    read_replies(sql, most, words, waiting);
    for (auto& message : waiting) {
        message.account = words.name_of(message.account);
    }
    return waiting;
}

}  // namespace hermes::durable
