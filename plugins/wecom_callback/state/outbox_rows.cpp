#include "state/outbox_rows.hpp"

#include <soci/soci.h>

#include "state/database.hpp"
#include "state/statement.hpp"

namespace hermes::wecom {
namespace {

struct InsertPart {
    std::int64_t message = 0, deadline_ms = 0, created_at_ms = 0;
    int part = 0, parts = 0;
    std::string account, chat, format, content;
    InsertStatement statement;

    explicit InsertPart(soci::session& sql)
        : statement(sql,
                    "insert into outbox(message, part, parts, deadline_ms, created_at_ms, account,"
                    " chat, format, content) values (:message, :part, :parts, :deadline, :created,"
                    " :account, :chat, :format, :content)",
                    message, part, parts, deadline_ms, created_at_ms, account, chat, format,
                    content) {}
};

struct ReadPendingParts {
    std::int64_t after = 0, next_attempt_at_ms = 0;
    int limit = 0;
    PendingPart part;
    soci::statement statement;

    explicit ReadPendingParts(soci::session& sql)
        : statement((sql.prepare << "select seq, case message when 0 then seq else message end,"
                                    " next_attempt_at_ms, account, chat from outbox"
                                    " where state = 0 and seq > :after"
                                    " order by seq limit :limit",
                     soci::use(after), soci::use(limit), soci::into(part.seq),
                     soci::into(part.message), soci::into(next_attempt_at_ms),
                     soci::into(part.account), soci::into(part.chat))) {}
};

struct ReadPart {
    std::int64_t seq = 0, deadline_ms = 0;
    int maybe_sent = 0;
    OutboxPart part;
    soci::statement statement;

    explicit ReadPart(soci::session& sql)
        : statement((sql.prepare << "select seq, case message when 0 then seq else message end,"
                                    " part, parts, account, chat, format, content, attempts,"
                                    " maybe_sent, deadline_ms, reason from outbox"
                                    " where seq = :seq and state = 0",
                     soci::use(seq), soci::into(part.seq), soci::into(part.message),
                     soci::into(part.part), soci::into(part.parts), soci::into(part.account),
                     soci::into(part.chat), soci::into(part.format), soci::into(part.content),
                     soci::into(part.attempts), soci::into(maybe_sent), soci::into(deadline_ms),
                     soci::into(part.reason))) {}
};

struct MarkDelivered {
    std::int64_t seq = 0, now_ms = 0;
    std::string msgid;
    soci::statement statement;

    explicit MarkDelivered(soci::session& sql)
        : statement((sql.prepare << "update outbox set state = 1, content = '', reason = '',"
                                    " delivered_at_ms = :now, msgid = :msgid where seq = :seq",
                     soci::use(now_ms), soci::use(msgid), soci::use(seq))) {}
};

}  // namespace

std::vector<std::int64_t> insert_parts(Database& database, const NewMessage& message,
                                       std::int64_t now_ms) {
    auto& insert = database.prepared<InsertPart>();
    insert.message = 0;
    insert.parts = static_cast<int>(message.parts.size());
    insert.part = 0;
    insert.deadline_ms = support::to_unix_ms(message.deadline);
    insert.created_at_ms = now_ms;
    insert.account = message.account;
    insert.chat = message.chat;
    insert.format = message.format;
    std::vector<std::int64_t> seqs;
    for (const auto& content : message.parts) {
        ++insert.part;
        insert.content = content;
        seqs.push_back(insert.statement.run().value());
        insert.message = seqs.front();
    }
    return seqs;
}

std::vector<std::int64_t> find_parts(Database& database, const NewMessage& message,
                                     std::int64_t now_ms) {
    if (message.parts.empty()) {
        return {};
    }
    std::int64_t first = 0;
    auto& sql = database.session();
    sql << "select max(seq) from outbox where state = 0 and created_at_ms = :created and part = 1"
           " and account = :account and chat = :chat and content = :content"
           " having max(seq) is not null",
        soci::use(now_ms), soci::use(message.account), soci::use(message.chat),
        soci::use(message.parts.front()), soci::into(first);
    if (!sql.got_data()) {
        return {};
    }
    std::vector<std::int64_t> seqs;
    std::int64_t seq = 0;
    soci::statement read =
        (sql.prepare << "select seq from outbox where seq = :first or message = :first"
                        " order by seq",
         soci::use(first, "first"), soci::into(seq));
    for_each_row(read, [&] { seqs.push_back(seq); });
    return seqs;
}

std::vector<PendingPart> read_pending_parts(Database& database, std::int64_t after, int limit) {
    auto& read = database.prepared<ReadPendingParts>();
    read.after = after;
    read.limit = limit;
    std::vector<PendingPart> parts;
    for_each_row(read.statement, [&] {
        parts.push_back(read.part);
        parts.back().next_attempt = support::from_unix_ms(read.next_attempt_at_ms);
    });
    return parts;
}

std::optional<OutboxPart> read_part(Database& database, std::int64_t seq) {
    auto& read = database.prepared<ReadPart>();
    read.seq = seq;
    if (!has_row(read.statement)) {
        return std::nullopt;
    }
    read.part.maybe_sent = read.maybe_sent != 0;
    read.part.deadline = support::from_unix_ms(read.deadline_ms);
    return std::exchange(read.part, {});
}

std::vector<support::WallTime> read_deliveries(Database& database, const std::string& account,
                                               const std::string& chat, std::int64_t since_ms) {
    std::vector<support::WallTime> times;
    std::int64_t at_ms = 0;
    soci::statement read =
        (database.session().prepare << "select delivered_at_ms from outbox where state = 1"
                                       " and account = :account and chat = :chat"
                                       " and delivered_at_ms >= :since order by delivered_at_ms",
         soci::use(account), soci::use(chat), soci::use(since_ms), soci::into(at_ms));
    for_each_row(read, [&] { times.push_back(support::from_unix_ms(at_ms)); });
    return times;
}

void mark_delivered(Database& database, std::int64_t seq, const std::string& msgid,
                    std::int64_t now_ms) {
    auto& mark = database.prepared<MarkDelivered>();
    mark.seq = seq;
    mark.msgid = msgid;
    mark.now_ms = now_ms;
    mark.statement.execute(true);
}

void mark_retry(Database& database, const RetryRecord& record) {
    const int maybe_sent = record.maybe_sent ? 1 : 0;
    const auto next_attempt_at_ms = support::to_unix_ms(record.next_attempt);
    database.session() << "update outbox set attempts = :attempts, maybe_sent = :maybe_sent,"
                          " next_attempt_at_ms = :next, reason = :reason"
                          " where seq = :seq and state = 0",
        soci::use(record.attempts), soci::use(maybe_sent), soci::use(next_attempt_at_ms),
        soci::use(record.reason), soci::use(record.seq);
}

void set_message_aside(Database& database, std::int64_t message, const std::string& reason,
                       std::int64_t now_ms) {
    database.session() << "update outbox set state = 2, delivered_at_ms = :now, reason = :reason"
                          " where (seq = :message or message = :message) and state = 0",
        soci::use(now_ms, "now"), soci::use(reason, "reason"), soci::use(message, "message");
}

Outbox::Outcome read_outcome(Database& database, std::int64_t message) {
    Outbox::Outcome outcome;
    int state = 0;
    std::string msgid, reason;
    soci::statement read =
        (database.session().prepare << "select state, msgid, reason from outbox"
                                       " where seq = :message or message = :message order by seq",
         soci::use(message, "message"), soci::into(state), soci::into(msgid), soci::into(reason));
    for_each_row(read, [&] {
        if (state == 0) {
            ++outcome.pending;
        } else if (state == 1) {
            ++outcome.delivered;
            outcome.last_msgid = msgid;
        } else {
            ++outcome.dead;
        }
        if (!reason.empty()) {
            outcome.reason = reason;
        }
    });
    return outcome;
}

}  // namespace hermes::wecom
