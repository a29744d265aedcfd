#include "durable/inbox_batches.hpp"

#include <soci/soci.h>

#include "durable/attempt_log.hpp"
#include "durable/database.hpp"
#include "durable/gathered.hpp"
#include "durable/postgresql_array.hpp"
#include "durable/shards.hpp"
#include "durable/statement.hpp"

namespace hermes::durable {
namespace {

// The order of an array's elements is that of the rows, and so of their numbers.
struct InsertBatch {
    Gathered<std::string, Inserted> gathered;
    PostgresqlArray at_ms, run_ms, keys, accounts, chats, payloads, urgent, has_files, shards;
    long long seq = 0;
    std::string key;
    soci::statement statement;

    explicit InsertBatch(soci::session& sql)
        : statement(
              (sql.prepare << "insert into inbox(received_at_ms, received_run_ms, duplicate_key,"
                              " account, chat, payload, urgent, has_files, shard)"
                              " select * from unnest(cast(:at as bigint[]), cast(:run as bigint[]),"
                              " cast(:keys as text[]), cast(:accounts as text[]),"
                              " cast(:chats as text[]), cast(:payloads as text[]),"
                              " cast(:urgent as integer[]), cast(:has_files as integer[]),"
                              " cast(:shards as integer[]))"
                              " on conflict (duplicate_key) do nothing"
                              " returning seq, duplicate_key",
               soci::use(at_ms.text()), soci::use(run_ms.text()), soci::use(keys.text()),
               soci::use(accounts.text()), soci::use(chats.text()), soci::use(payloads.text()),
               soci::use(urgent.text()), soci::use(has_files.text()), soci::use(shards.text()),
               soci::into(seq), soci::into(key))) {}

    void add(const Database& database, const NewEvent& event, RowTime now) {
        if (gathered.begin(database)) {
            clear_all(at_ms, run_ms, keys, accounts, chats, payloads, urgent, has_files, shards);
        }
        gathered.add(event.duplicate_key);
        at_ms.add(now.at_ms);
        run_ms.add(now.run_ms);
        keys.add(event.duplicate_key);
        accounts.add(event.account);
        chats.add(event.chat);
        payloads.add(event.payload);
        urgent.add(event.urgent ? 1 : 0);
        has_files.add(event.has_files ? 1 : 0);
        shards.add(shard_of(event.account, event.chat));
    }

    std::optional<Inserted> take(const Database& database, const std::string& its_key) {
        return gathered.take(database, its_key, [this] {
            std::unordered_map<std::string, Inserted> inserted;
            for_each_row(statement, [&] { inserted.emplace(key, Inserted{seq}); });
            return inserted;
        });
    }
};

struct SettleBatch : UpdateBatch {
    PostgresqlArray at_ms, run_ms;

    explicit SettleBatch(soci::session& sql) : UpdateBatch(sql) {
        prepare(
            "update inbox set state = 1, finished_at_ms = u.at_ms, finished_run_ms = u.run_ms,"
            " payload = '' from unnest(cast(:seqs as bigint[]), cast(:at as bigint[]),"
            " cast(:run as bigint[])) as u(seq, at_ms, run_ms)"
            " where inbox.seq = u.seq and state = 0 returning inbox.seq",
            seqs, at_ms, run_ms);
    }

    void add(const Database& database, std::int64_t its_seq, RowTime now) {
        if (gathered.begin(database)) {
            clear_all(seqs, at_ms, run_ms);
        }
        gathered.add(its_seq);
        seqs.add(its_seq);
        at_ms.add(now.at_ms);
        run_ms.add(now.run_ms);
    }
};

struct ChargeBatch : UpdateBatch {
    PostgresqlArray runs, attempts, logs;

    explicit ChargeBatch(soci::session& sql) : UpdateBatch(sql) {
        prepare(
            "update inbox set begun_in = u.run, attempts = u.attempts, attempt_log ="
            " case when length(attempt_log) < " +
                std::to_string(attempt_log_max) +
                " then attempt_log || u.log else attempt_log end"
                " from unnest(cast(:seqs as bigint[]), cast(:runs as bigint[]),"
                " cast(:attempts as integer[]), cast(:logs as text[])) as u(seq, run, attempts, "
                "log)"
                " where inbox.seq = u.seq and state = 0 returning inbox.seq",
            seqs, runs, attempts, logs);
    }

    void add(const Database& database, std::int64_t its_seq, int its_attempts, std::int64_t run,
             RowTime now) {
        if (gathered.begin(database)) {
            clear_all(seqs, runs, attempts, logs);
        }
        gathered.add(its_seq);
        seqs.add(its_seq);
        runs.add(run);
        attempts.add(its_attempts);
        logs.add(entry_of({.began_at_ms = now.at_ms}));
    }
};

}  // namespace

void gather_insert(Database& database, const NewEvent& event, RowTime now) {
    gather<InsertBatch>(database, event, now);
}

std::optional<Inserted> take_insert(Database& database, const NewEvent& event) {
    return take<InsertBatch>(database, event.duplicate_key);
}

void gather_settle(Database& database, std::int64_t seq, RowTime now) {
    gather<SettleBatch>(database, seq, now);
}

std::optional<bool> take_settle(Database& database, std::int64_t seq) {
    return take<SettleBatch>(database, seq);
}

void gather_charge(Database& database, std::int64_t seq, int attempts, std::int64_t run,
                   RowTime now) {
    gather<ChargeBatch>(database, seq, attempts, run, now);
}

std::optional<bool> take_charge(Database& database, std::int64_t seq) {
    return take<ChargeBatch>(database, seq);
}

}  // namespace hermes::durable
