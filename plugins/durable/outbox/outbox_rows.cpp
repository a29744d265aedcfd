#include "durable/outbox/outbox_rows.hpp"

#include <soci/soci.h>

#include <utility>

#include "base/fnv1a.hpp"
#include "durable/database/attempt_log.hpp"
#include "durable/database/database.hpp"
#include "durable/database/preview.hpp"
#include "durable/database/statement.hpp"
#include "durable/outbox/outbox_batches.hpp"

namespace hermes::durable {
namespace {

struct InsertPart {
    std::int64_t message = 0, deadline_run_ms = 0, lifetime_ms = 0, created_at_ms = 0;
    std::int64_t answers = 0, fingerprint = 0, enqueue_id = 0, file = 0;
    int part = 0, parts = 0, checked = 0, notice = 0, shard = 0;
    std::string account, chat, payload, preview;
    InsertStatement statement;

    explicit InsertPart(soci::session& sql)
        : statement(sql,
                    "insert into outbox(message, part, parts, deadline_run_ms, lifetime_ms,"
                    " created_at_ms, account, chat, format, payload, preview, checked, notice,"
                    " answers, fingerprint, enqueue_id, file, shard) values (:message, :part,"
                    " :parts, :deadline, :lifetime, :created, :account, :chat, '', :payload, "
                    ":preview, :checked,"
                    " :notice, :answers, :fingerprint, :enqueue, :file, :shard)",
                    message, part, parts, deadline_run_ms, lifetime_ms, created_at_ms, account,
                    chat, payload, preview, checked, notice, answers, fingerprint, enqueue_id, file,
                    shard) {}
};

// A part of that chat that the platform may take for the same as a new one.
struct FindEqual {
    std::string account, chat;
    std::int64_t fingerprint = 0, since_run_ms = 0, seq = 0;
    soci::statement statement;

    explicit FindEqual(soci::session& sql)
        : statement((sql.prepare << "select seq from outbox where account = :account"
                                    " and chat = :chat and fingerprint = :fingerprint"
                                    " and (state = 0 or finished_run_ms > :since) limit 1",
                     soci::use(account), soci::use(chat), soci::use(fingerprint),
                     soci::use(since_run_ms), soci::into(seq))) {}
};

// Pending ones, of some shards after a number, or of a message.
struct ReadPendingParts {
    std::int64_t own = 0, number = 0;
    std::int64_t next_attempt_run_ms = 0, deadline_run_ms = 0, lifetime_ms = 0;
    int limit = 0, notice = 0;
    PendingPart part;
    soci::statement statement;

    ReadPendingParts(soci::session& sql, const std::string& which) : statement(sql) {
        statement.alloc();
        statement.prepare(
            "select seq, case message when 0 then seq else message end,"
            " next_attempt_run_ms, deadline_run_ms, lifetime_ms, notice, account,"
            " chat from outbox where state = 0 and " +
            which);
        statement.exchange(soci::into(part.seq));
        statement.exchange(soci::into(part.message));
        statement.exchange(soci::into(next_attempt_run_ms));
        statement.exchange(soci::into(deadline_run_ms));
        statement.exchange(soci::into(lifetime_ms));
        statement.exchange(soci::into(notice));
        statement.exchange(soci::into(part.account));
        statement.exchange(soci::into(part.chat));
    }

    std::vector<PendingPart> run(const RunningTime& time) {
        std::vector<PendingPart> parts;
        for_each_row(statement, [&] {
            parts.push_back(std::exchange(part, {}));
            parts.back().is_notice = notice != 0;
            parts.back().not_before = time.to_steady(next_attempt_run_ms);
            const auto begun = deadline_run_ms != 0;
            parts.back().deadline =
                time.to_steady(begun ? deadline_run_ms : time.now_ms() + lifetime_ms);
        });
        return parts;
    }
};

struct ReadPartsOfShards : ReadPendingParts {
    explicit ReadPartsOfShards(soci::session& sql)
        : ReadPendingParts(sql,
                           "seq > :after and " + in_shards(":own") + " order by seq limit :limit") {
        statement.exchange(soci::use(number));
        statement.exchange(soci::use(own));
        statement.exchange(soci::use(limit));
        statement.define_and_bind();
    }
};

struct ReadPartsOfMessage : ReadPendingParts {
    explicit ReadPartsOfMessage(soci::session& sql)
        : ReadPendingParts(sql, is_part_of(":message") + " order by seq") {
        statement.exchange(soci::use(number, "message"));
        statement.define_and_bind();
    }
};

struct ReadDeliveries {
    std::string account, chat;
    std::int64_t since = 0, run_ms = 0;
    soci::statement statement;

    explicit ReadDeliveries(soci::session& sql)
        : statement((sql.prepare << "select finished_run_ms from outbox where state = 1"
                                    " and account = :account and chat = :chat"
                                    " and finished_run_ms >= :since order by finished_run_ms",
                     soci::use(account), soci::use(chat), soci::use(since), soci::into(run_ms))) {}
};

struct ReadPart {
    std::int64_t seq = 0, file_bytes = 0;
    int checked = 0;
    OutboxPart part;
    StoredFile file;
    soci::statement statement;

    explicit ReadPart(soci::session& sql)
        : statement(
              (sql.prepare << "select seq, case message when 0 then seq else message end,"
                              " answers, part, parts, account, chat, payload, checked, attempts,"
                              " reason, file, coalesce(files.name, ''),"
                              " coalesce(files.bytes, 0), coalesce(files.digest, '')"
                              " from outbox left join files on files.id = file"
                              " where seq = :seq and state = 0",
               soci::use(seq), soci::into(part.seq), soci::into(part.message),
               soci::into(part.answers), soci::into(part.part), soci::into(part.parts),
               soci::into(part.account), soci::into(part.chat), soci::into(part.payload),
               soci::into(checked), soci::into(part.attempts), soci::into(part.reason),
               soci::into(file.id), soci::into(file.name), soci::into(file_bytes),
               soci::into(file.digest))) {}
};

struct MarkDelivered {
    RowTime now;
    std::int64_t seq = 0;
    std::string msgid, attempt;
    soci::statement statement;

    explicit MarkDelivered(soci::session& sql)
        : statement((
              sql.prepare << "update outbox set state = 1, payload = '', preview = '', reason = '',"
                             " finished_at_ms = :at, finished_run_ms = :run, msgid = :msgid,"
                             " attempt_log = attempt_log || :attempt"
                             " where seq = :seq and state <> 1",
              soci::use(now.at_ms), soci::use(now.run_ms), soci::use(msgid), soci::use(attempt),
              soci::use(seq))) {}
};

bool has_equal(Database& database, const std::string& account, const std::string& chat,
               std::int64_t fingerprint, std::int64_t now_run_ms) {
    auto& find = database.prepared<FindEqual>();
    find.account = account;
    find.chat = chat;
    find.fingerprint = fingerprint;
    find.since_run_ms = now_run_ms - equal_memory_ms;
    return has_row(find.statement);
}

}  // namespace

std::int64_t fingerprint_of(const std::string& payload, const StoredFile* file) {
    const auto hash = [](const std::string& text) {
        return static_cast<std::int64_t>(base::fnv1a<std::uint64_t>(text));
    };
    return file == nullptr ? hash(payload) : hash(payload + file->digest + file->name);
}

DuplicateCheck check_of(int checked) noexcept {
    return checked != 0 ? DuplicateCheck::on : DuplicateCheck::off;
}

std::vector<InsertedPart> insert_parts(Database& database, const NewMessage& message,
                                       std::int64_t enqueue_id, RowTime now) {
    if (const auto inserted = take_message(database, enqueue_id)) {
        return {*inserted};
    }
    auto& insert = database.prepared<InsertPart>();
    insert.message = 0;
    insert.parts = static_cast<int>(message.parts.size());
    insert.part = 0;
    insert.notice = message.is_notice ? 1 : 0;
    insert.lifetime_ms = message.lifetime.count();
    insert.deadline_run_ms = now.run_ms + insert.lifetime_ms;
    insert.created_at_ms = now.at_ms;
    insert.account = message.account;
    insert.chat = message.chat;
    insert.answers = message.answers;
    insert.enqueue_id = enqueue_id;
    insert.shard = shard_of(message.account, message.chat);
    std::vector<InsertedPart> inserted;
    for (const auto& part : message.parts) {
        ++insert.part;
        insert.payload = part.payload;
        insert.preview = part.preview;
        insert.fingerprint = fingerprint_of(part.payload, part.file ? &*part.file : nullptr);
        insert.file = part.file ? part.file->id : 0;
        insert.checked =
            has_equal(database, message.account, message.chat, insert.fingerprint, now.run_ms) ? 0
                                                                                               : 1;
        inserted.push_back({insert.statement.run().value(), check_of(insert.checked)});
        insert.message = inserted.front().seq;
    }
    return inserted;
}

std::vector<InsertedPart> find_parts(Database& database, std::int64_t enqueue_id) {
    std::vector<InsertedPart> found;
    std::int64_t seq = 0;
    int checked = 0;
    soci::statement read =
        (database.session().prepare << "select seq, checked from outbox"
                                       " where enqueue_id = :id and enqueue_id <> 0"
                                       " order by part",
         soci::use(enqueue_id), soci::into(seq), soci::into(checked));
    for_each_row(read, [&] { found.push_back({seq, check_of(checked)}); });
    return found;
}

void insert_lost(Database& database, const LostReply& reply, std::int64_t enqueue_id, RowTime now) {
    const auto preview = preview_of(reply.text);
    database.session() << "insert into outbox(state, message, part, parts, deadline_run_ms,"
                          " created_at_ms, finished_at_ms, finished_run_ms, account, chat, format,"
                          " payload, preview, reason, answers, enqueue_id) values (2, 0, 1, 1, 0,"
                          " :at, :at, :run, '', :chat, '', :text, :preview, :reason, :answers,"
                          " :enqueue)",
        soci::use(now.at_ms, "at"), soci::use(now.run_ms, "run"), soci::use(reply.chat, "chat"),
        soci::use(reply.text, "text"), soci::use(preview, "preview"),
        soci::use(reply.reason, "reason"), soci::use(reply.settles, "answers"),
        soci::use(enqueue_id, "enqueue");
}

void begin_lifetimes(Database& database, std::int64_t now_run_ms) {
    database.session() << "update outbox set deadline_run_ms = :now + lifetime_ms"
                          " where state = 0 and deadline_run_ms = 0",
        soci::use(now_run_ms);
}

void put_payload(Database& database, const Rewritten& part, std::int64_t now_run_ms) {
    const auto fingerprint = fingerprint_of(part.payload);
    const int checked =
        has_equal(database, part.account, part.chat, fingerprint, now_run_ms) ? 0 : 1;
    database.session() << "update outbox set payload = :payload, preview = :preview, format = '',"
                          " checked = :checked, fingerprint = :fingerprint where seq = :seq",
        soci::use(part.payload), soci::use(part.preview), soci::use(checked),
        soci::use(fingerprint), soci::use(part.seq);
}

std::vector<PendingPart> read_pending_parts(Database& database, Shards own, std::int64_t after,
                                            int limit, const RunningTime& time) {
    auto& read = database.prepared<ReadPartsOfShards>();
    read.own = own.bits();
    read.number = after;
    read.limit = limit;
    return read.run(time);
}

std::vector<PendingPart> read_parts_of(Database& database, std::int64_t message,
                                       const RunningTime& time) {
    auto& read = database.prepared<ReadPartsOfMessage>();
    read.number = message;
    return read.run(time);
}

std::optional<OutboxPart> read_part(Database& database, std::int64_t seq) {
    auto& read = database.prepared<ReadPart>();
    read.seq = seq;
    if (!has_row(read.statement)) {
        return std::nullopt;
    }
    read.part.duplicate_check = check_of(read.checked);
    if (read.file.id != 0) {
        read.file.bytes = static_cast<std::uint64_t>(read.file_bytes);
        read.part.file = std::exchange(read.file, {});
    }
    return std::exchange(read.part, {});
}

std::vector<std::int64_t> read_deliveries(Database& database, const std::string& account,
                                          const std::string& chat, std::int64_t since_run_ms) {
    auto& read = database.prepared<ReadDeliveries>();
    read.account = account;
    read.chat = chat;
    read.since = since_run_ms;
    std::vector<std::int64_t> times;
    for_each_row(read.statement, [&] { times.push_back(read.run_ms); });
    return times;
}

void mark_delivered(Database& database, std::int64_t seq, const std::string& msgid,
                    const std::string& attempt, RowTime now) {
    if (take_delivered(database, seq)) {
        return;
    }
    auto& mark = database.prepared<MarkDelivered>();
    mark.seq = seq;
    mark.attempt = attempt;
    mark.msgid = msgid;
    mark.now = now;
    mark.statement.execute(true);
}

void mark_retry(Database& database, const RetryRecord& record, std::int64_t next_attempt_run_ms,
                const std::string& attempt) {
    const auto most = static_cast<int>(attempt_log_max);
    database.session() << "update outbox set attempt_log = case when attempts <> :known"
                          " and length(attempt_log) < :most then attempt_log || :attempt"
                          " else attempt_log end, attempts = :attempts,"
                          " next_attempt_run_ms = :next, code = :code, reason = :reason"
                          " where seq = :seq and state = 0",
        soci::use(record.attempts), soci::use(most), soci::use(attempt), soci::use(record.attempts),
        soci::use(next_attempt_run_ms), soci::use(record.code), soci::use(record.reason),
        soci::use(record.seq);
}

void add_attempt(Database& database, std::int64_t seq, const std::string& attempt) {
    const auto most = static_cast<int>(attempt_log_max);
    database.session() << "update outbox set attempt_log = attempt_log || :attempt"
                          " where seq = :seq and state = 0 and length(attempt_log) < :most",
        soci::use(attempt), soci::use(seq), soci::use(most);
}

void count_attempt(Database& database, std::int64_t seq) {
    database.session()
        << "update outbox set attempts = attempts + 1 where seq = :seq and state = 0",
        soci::use(seq);
}

void set_message_aside(Database& database, std::int64_t message, int code,
                       const std::string& reason, RowTime now) {
    if (message <= 0) {
        return;  // in the rows 0 stands for "the first part"
    }
    database.session() << "update outbox set state = 2, finished_at_ms = :at,"
                          " finished_run_ms = :run, code = :code, reason = :reason"
                          " where state = 0 and "
                       << is_part_of(":message"),
        soci::use(now.at_ms, "at"), soci::use(now.run_ms, "run"), soci::use(code, "code"),
        soci::use(reason, "reason"), soci::use(message, "message");
}

Outbox::Outcome read_outcome(Database& database, std::int64_t message) {
    Outbox::Outcome outcome;
    int state = 0;
    std::string msgid, reason;
    soci::statement read =
        (database.session().prepare << "select state, msgid, reason from outbox"
                                       " where "
                                    << is_part_of(":message") << " order by seq",
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
    if (outcome.pending > 0 && outcome.reason.empty()) {  // its account may be paused
        soci::statement of_account =
            (database.session().prepare
                 << "select o.reason from outbox o join outbox m on m.account = o.account"
                    " where m.seq = :message and o.state = 0 and o.reason <> ''"
                    " order by o.seq limit 1",
             soci::use(message, "message"), soci::into(reason));
        if (has_row(of_account)) {
            outcome.reason = reason;
        }
    }
    return outcome;
}

}  // namespace hermes::durable
