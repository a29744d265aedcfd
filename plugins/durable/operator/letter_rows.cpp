#include "durable/operator/letter_rows.hpp"

#include <soci/soci.h>

#include <charconv>

#include "base/clock.hpp"
#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/preview.hpp"
#include "durable/database/statement.hpp"

namespace hermes::durable {

std::string id_text(StateSide side, std::int64_t number) {
    return (side == StateSide::inbox ? "in-" : "out-") + std::to_string(number);
}

std::optional<LetterId> parse_letter_id(std::string_view text) {
    LetterId id{};
    if (text.starts_with("in-")) {
        id.side = StateSide::inbox;
        text.remove_prefix(3);
    } else if (text.starts_with("out-")) {
        id.side = StateSide::outbox;
        text.remove_prefix(4);
    } else {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return id;
}

StateCounts count_inbox(Database& database) {
    auto& sql = database.session();
    StateCounts counts;
    const auto run = read_present_run(database);
    std::int64_t oldest_ms = 0;
    sql << "select count(case when is_begun = 0 and attempts = 0 then 1 end), count(case when "
           "is_begun = 1 then 1 end),"
           " count(case when is_begun = 0 and attempts > 0 then 1 end),"
           " coalesce(min(received_at_ms), 0) from (select attempts, received_at_ms,"
           " case when "
        << begun_by_a_gateway
        << " then 1 else 0 end as is_begun from inbox where state = 0) as waiting",
        soci::use(run, "run"), soci::into(counts.pending), soci::into(counts.in_flight),
        soci::into(counts.retrying), soci::into(oldest_ms);
    sql << "select count(*) from inbox where state = 2", soci::into(counts.dead);
    if (oldest_ms != 0) {
        counts.oldest = base::from_unix_ms(oldest_ms);
    }
    return counts;
}

StateCounts count_outbox(soci::session& sql) {
    StateCounts counts;
    std::int64_t oldest_ms = 0;
    sql << "select count(case when attempts = 0 then 1 end),"
           " count(case when attempts > 0 then 1 end), coalesce(min(created_at_ms), 0)"
           " from outbox where state = 0",
        soci::into(counts.pending), soci::into(counts.retrying), soci::into(oldest_ms);
    sql << "select count(distinct case message when 0 then seq else message end) from outbox"
           " where state = 2",
        soci::into(counts.dead);
    if (oldest_ms != 0) {
        counts.oldest = base::from_unix_ms(oldest_ms);
    }
    return counts;
}

std::vector<DeadLetter> read_dead_events(soci::session& sql, std::int64_t number,
                                         std::size_t limit_given, const LetterWords& words) {
    const auto limit = static_cast<std::int64_t>(limit_given);
    std::vector<DeadLetter> letters;
    DeadLetter letter;
    std::int64_t seq = 0, received_at_ms = 0;
    std::string content;
    soci::statement read =
        (sql.prepare << "select seq, account, chat, attempts, received_at_ms, reason, payload"
                        " from inbox where state = 2 and (:number = 0 or seq = :number)"
                        " order by seq limit :limit",
         soci::use(number, "number"), soci::use(limit, "limit"), soci::into(seq),
         soci::into(letter.account), soci::into(letter.chat.value), soci::into(letter.attempts),
         soci::into(received_at_ms), soci::into(letter.reason), soci::into(content));
    for_each_row(read, [&] {
        letter.id = id_text(StateSide::inbox, seq);
        letter.content = words.read_event(content);
        letter.preview = preview_of(letter.content);
        letter.side = StateSide::inbox;
        letter.created_at = base::from_unix_ms(received_at_ms);
        letters.push_back(letter);
    });
    return letters;
}

std::vector<DeadLetter> read_dead_messages(soci::session& sql, std::int64_t number,
                                           std::size_t limit, const LetterWords& words) {
    std::vector<DeadLetter> letters;
    DeadLetter letter;
    std::int64_t message = 0, created_at_ms = 0;
    std::string content;
    soci::statement read =
        (sql.prepare << "select case message when 0 then seq else message end as first_part,"
                        " account, chat, attempts, created_at_ms, code, reason, payload,"
                        " preview"
                        " from outbox where state = 2"
                        " and (:number = 0 or seq = :number or message = :number)"
                        " order by first_part, seq",
         soci::use(number, "number"), soci::into(message), soci::into(letter.account),
         soci::into(letter.chat.value), soci::into(letter.attempts), soci::into(created_at_ms),
         soci::into(letter.platform_code), soci::into(letter.reason), soci::into(content),
         soci::into(letter.preview));
    for_each_row(read, [&] {
        letter.id = id_text(StateSide::outbox, message);
        // Without an app it is the text itself: no request could be made of it.
        letter.content = letter.account.empty() ? content : words.read_part(content);
        if (letter.preview.empty()) {  // of a row from before there were any
            letter.preview = preview_of(letter.content);
        }
        if (!letters.empty() && letters.back().id == letter.id) {
            letters.back().content += '\n' + letter.content;
        } else if (letters.size() < limit) {
            letter.side = StateSide::outbox;
            letter.created_at = base::from_unix_ms(created_at_ms);
            letters.push_back(letter);
        }
    });
    return letters;
}

std::vector<SentPart> read_sent_parts(soci::session& sql, const std::string& platform_id) {
    std::vector<SentPart> parts;
    if (platform_id.empty()) {  // what was not delivered has none either
        return parts;
    }
    SentPart part;
    soci::statement read =
        (sql.prepare << "select account, msgid from outbox where state = 1 and msgid <> ''"
                        " and case message when 0 then seq else message end ="
                        " (select case message when 0 then seq else message end from outbox"
                        " where state = 1 and msgid = :id order by seq limit 1) order by seq",
         soci::use(platform_id, "id"), soci::into(part.account), soci::into(part.platform_id));
    for_each_row(read, [&] { parts.push_back(part); });
    return parts;
}

std::vector<LetterId> read_fitting(soci::session& sql, const DeadLetterFilter& filter,
                                   const std::string& account) {
    std::vector<LetterId> ids;
    std::int64_t number = 0;
    const std::int64_t since_ms = filter.since ? base::to_unix_ms(*filter.since) : 0;
    const int code = filter.platform_code.value_or(0);
    const int any_code = code == 0 ? 1 : 0;
    const int any_account = filter.account.empty() ? 1 : 0;
    if (any_code != 0) {
        soci::statement read =
            (sql.prepare << "select seq from inbox where state = 2 and finished_at_ms >= :since"
                            " and (:any_account = 1 or account = :account) order by seq",
             soci::use(since_ms), soci::use(any_account), soci::use(account), soci::into(number));
        for_each_row(read, [&] { ids.push_back({StateSide::inbox, number}); });
    }
    soci::statement read =
        (sql.prepare << "select distinct case message when 0 then seq else message end as first"
                        " from outbox where state = 2 and account <> ''"
                        " and finished_at_ms >= :since"
                        " and (:any_account = 1 or account = :account)"
                        " and (:any_code = 1 or code = :code) order by first",
         soci::use(since_ms), soci::use(any_account), soci::use(account), soci::use(any_code),
         soci::use(code), soci::into(number));
    for_each_row(read, [&] { ids.push_back({StateSide::outbox, number}); });
    return ids;
}

}  // namespace hermes::durable
