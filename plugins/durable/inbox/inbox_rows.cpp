#include "durable/inbox/inbox_rows.hpp"

#include <soci/soci.h>

#include "durable/database/attempt_log.hpp"
#include "durable/database/database.hpp"
#include "durable/database/postgresql_array.hpp"
#include "durable/database/statement.hpp"
#include "durable/inbox/inbox_batches.hpp"

namespace hermes::durable {
namespace {

struct InsertEvent {
    RowTime now;
    int urgent = 0, has_files = 0, shard = 0;
    std::string duplicate_key, account, chat, payload;
    InsertStatement statement;

    explicit InsertEvent(soci::session& sql)
        : statement(sql,
                    "insert into inbox(received_at_ms, received_run_ms, duplicate_key, account,"
                    " chat, payload, urgent, has_files, shard) values (:at, :run, :key, :account,"
                    " :chat, :payload, :urgent, :has_files, :shard)"
                    " on conflict (duplicate_key) do nothing",
                    now.at_ms, now.run_ms, duplicate_key, account, chat, payload, urgent, has_files,
                    shard) {}
};

struct SettleEvent {
    RowTime now;
    std::int64_t seq = 0;
    soci::statement statement;

    explicit SettleEvent(soci::session& sql)
        : statement((sql.prepare << "update inbox set state = 1, finished_at_ms = :at,"
                                    " finished_run_ms = :run, payload = ''"
                                    " where seq = :seq and state = 0",
                     soci::use(now.at_ms), soci::use(now.run_ms), soci::use(seq))) {}
};

struct ChargeAttempt {
    std::int64_t run = 0, seq = 0;
    int attempts = 0;
    const int most = static_cast<int>(attempt_log_max);
    std::string attempt;
    soci::statement statement;

    explicit ChargeAttempt(soci::session& sql)
        : statement((sql.prepare << "update inbox set begun_in = :run, attempts = :attempts,"
                                    " attempt_log = case when length(attempt_log) < :most"
                                    " and (attempts <> :known or begun_in <> :in_run)"
                                    " then attempt_log || :attempt else attempt_log end"
                                    " where seq = :seq and state = 0",
                     soci::use(run), soci::use(attempts), soci::use(most), soci::use(attempts),
                     soci::use(run), soci::use(attempt), soci::use(seq))) {}
};

struct ReadPending {
    std::int64_t own = 0, after = 0;
    int limit = 0;
    int urgent = 0;
    PendingEvent event;
    soci::statement statement;

    explicit ReadPending(soci::session& sql)
        : statement((sql.prepare << "select seq, account, chat, attempts, urgent from inbox"
                                    " where state = 0 and seq > :after"
                                    " and "
                                 << in_shards(":own") << " order by seq limit :limit",
                     soci::use(after), soci::use(own), soci::use(limit), soci::into(event.seq),
                     soci::into(event.account), soci::into(event.chat), soci::into(event.attempts),
                     soci::into(urgent))) {}
};

// `Key`: what `condition` compares with.
template <typename Key>
struct SelectEvents {
    Key key{};
    std::int64_t begun_in = 0;
    int attempts = 0, has_files = 0, urgent = 0;
    StoredEvent event;
    soci::statement statement;

    SelectEvents(soci::session& sql, const char* condition)
        : statement((sql.prepare << "select seq, account, chat, payload, attempts, begun_in,"
                                    " has_files, urgent from inbox where state = 0 and "
                                 << condition,
                     soci::use(key), soci::into(event.seq), soci::into(event.account),
                     soci::into(event.chat), soci::into(event.payload), soci::into(attempts),
                     soci::into(begun_in), soci::into(has_files), soci::into(urgent))) {}

    StoredEvent take() {
        event.attempt = attempts + 1;
        event.redelivered = begun_in != 0;
        event.has_files = has_files != 0;
        event.urgent = urgent != 0;
        return std::exchange(event, {});
    }
};

struct SelectEvent : SelectEvents<std::int64_t> {
    explicit SelectEvent(soci::session& sql) : SelectEvents(sql, "seq = :key") {}
};

// They are told in batches, and a statement for each is a way to the server for each.
struct SelectTold : SelectEvents<std::string> {
    explicit SelectTold(soci::session& sql)
        : SelectEvents(sql, "seq = any(cast(:key as bigint[])) order by seq") {}
};

}  // namespace

std::optional<std::int64_t> insert_event(Database& database, const NewEvent& event, RowTime now) {
    if (const auto inserted = take_insert(database, event)) {
        return inserted->seq;
    }
    auto& insert = database.prepared<InsertEvent>();
    insert.now = now;
    insert.duplicate_key = event.duplicate_key;
    insert.account = event.account;
    insert.chat = event.chat;
    insert.payload = event.payload;
    insert.urgent = event.urgent ? 1 : 0;
    insert.has_files = event.has_files ? 1 : 0;
    insert.shard = shard_of(event.account, event.chat);
    return insert.statement.run();
}

bool settle_event(Database& database, std::int64_t seq, RowTime now) {
    if (const auto was_pending = take_settle(database, seq)) {
        return *was_pending;
    }
    auto& settle = database.prepared<SettleEvent>();
    settle.now = now;
    settle.seq = seq;
    settle.statement.execute(true);
    return settle.statement.get_affected_rows() > 0;
}

bool charge_attempt(Database& database, std::int64_t seq, int attempts, std::int64_t run,
                    std::optional<RowTime> begun) {
    if (const auto was_pending = take_charge(database, seq)) {
        return *was_pending;
    }
    auto& charge = database.prepared<ChargeAttempt>();
    charge.run = run;
    charge.attempt = begun ? entry_of({.began_at_ms = begun->at_ms}) : std::string();
    charge.attempts = attempts;
    charge.seq = seq;
    charge.statement.execute(true);
    return charge.statement.get_affected_rows() > 0;
}

void set_attempts(Database& database, std::int64_t seq, int attempts, std::int64_t run) {
    database.session() << "update inbox set attempts = :attempts"
                          " where seq = :seq and state = 0 and begun_in = :run",
        soci::use(attempts), soci::use(seq), soci::use(run);
}

bool set_event_aside(Database& database, std::int64_t seq, const std::string& reason, RowTime now) {
    soci::statement update =
        (database.session().prepare << "update inbox set state = 2, finished_at_ms = :at,"
                                       " finished_run_ms = :run, reason = :reason"
                                       " where seq = :seq and state = 0",
         soci::use(now.at_ms), soci::use(now.run_ms), soci::use(reason), soci::use(seq));
    update.execute(true);
    return update.get_affected_rows() > 0;
}

std::vector<PendingEvent> read_pending_events(Database& database, Shards own, std::int64_t after,
                                              int limit) {
    auto& read = database.prepared<ReadPending>();
    read.own = own.bits();
    read.after = after;
    read.limit = limit;
    std::vector<PendingEvent> events;
    for_each_row(read.statement, [&] {
        read.event.urgent = read.urgent != 0;
        events.push_back(read.event);
    });
    return events;
}

std::vector<StoredEvent> read_if_pending(Database& database,
                                         const std::vector<std::int64_t>& seqs) {
    std::vector<StoredEvent> events;
    if (seqs.empty()) {
        return events;
    }
    auto& read = database.prepared<SelectTold>();
    PostgresqlArray numbers;
    for (const auto seq : seqs) {
        numbers.add(seq);
    }
    read.key = numbers.text();
    for_each_row(read.statement, [&] { events.push_back(read.take()); });
    return events;
}

std::vector<std::int64_t> read_last_attempts(Database& database, Shards own, int limit) {
    const int attempts = event_attempts_max - 1;
    const auto bits = own.bits();
    std::int64_t seq = 0;
    std::vector<std::int64_t> seqs;
    soci::statement read =
        (database.session().prepare << "select seq from inbox where state = 0"
                                       " and attempts = :attempts"
                                       " and "
                                    << in_shards(":own") << " order by seq limit :limit",
         soci::use(attempts), soci::use(bits), soci::use(limit), soci::into(seq));
    for_each_row(read, [&] { seqs.push_back(seq); });
    return seqs;
}

std::optional<StoredEvent> read_event(Database& database, std::int64_t seq) {
    auto& read = database.prepared<SelectEvent>();
    read.key = seq;
    return has_row(read.statement) ? std::optional(read.take()) : std::nullopt;
}

std::vector<std::int64_t> read_events_with_files(Database& database) {
    std::int64_t seq = 0;
    std::vector<std::int64_t> seqs;
    soci::statement read =
        (database.session().prepare << "select seq from inbox where has_files = 1 and state <> 1",
         soci::into(seq));
    for_each_row(read, [&] { seqs.push_back(seq); });
    return seqs;
}

std::string read_account(Database& database, std::int64_t seq) {
    std::string account;
    database.session() << "select account from inbox where seq = :seq", soci::use(seq),
        soci::into(account);
    return account;
}

int shard_of_event(Database& database, std::int64_t seq) {
    int shard = 0;
    database.session() << "select shard from inbox where seq = :seq", soci::use(seq),
        soci::into(shard);
    return shard;
}

bool is_begun_elsewhere(Database& database, std::int64_t run, std::int64_t seq, bool may_be_ours) {
    std::int64_t begun_in = run;
    int state = 0;
    database.session() << "select begun_in, state from inbox where seq = :seq", soci::use(seq),
        soci::into(begun_in), soci::into(state);
    return begun_in == 0 ? !may_be_ours && state == static_cast<int>(RowState::settled)
                         : begun_in != run;
}

}  // namespace hermes::durable
