#include "durable/inbox/inbox_batches.hpp"

#include <soci/soci.h>

#include "durable/database/attempt_log.hpp"
#include "durable/database/database.hpp"
#include "durable/database/gathered.hpp"
#include "durable/database/shards.hpp"

namespace hermes::durable {
namespace {

// The order of an array's elements is that of the rows, and so of their numbers.
struct InsertBatch {
    long long seq = 0;
    std::string key;
    Batch<std::string, Inserted, 9> batch;

    explicit InsertBatch(soci::session& sql)
        : batch(sql,
                "insert into inbox(duplicate_key, received_at_ms, received_run_ms, account, chat,"
                " payload, urgent, has_files, shard)"
                " select * from unnest(cast(:keys as text[]), cast(:at as bigint[]),"
                " cast(:run as bigint[]), cast(:accounts as text[]), cast(:chats as text[]),"
                " cast(:payloads as text[]), cast(:urgent as integer[]),"
                " cast(:has_files as integer[]), cast(:shards as integer[]))"
                " on conflict (duplicate_key) do nothing returning seq, duplicate_key",
                seq, key) {}

    void add(const Database& database, const NewEvent& event, RowTime now) {
        batch.add(database, event.duplicate_key, event.duplicate_key, now.at_ms, now.run_ms,
                  event.account, event.chat, event.payload, event.urgent ? 1 : 0,
                  event.has_files ? 1 : 0, shard_of(event.account, event.chat));
    }

    std::optional<Inserted> take(const Database& database, const std::string& its_key) {
        return batch.take(database, its_key, [this] {
            return std::pair<const std::string, Inserted>(key, Inserted{seq});
        });
    }
};

struct SettleBatch : UpdateBatch<3> {
    explicit SettleBatch(soci::session& sql)
        : UpdateBatch(
              sql,
              "update inbox set state = 1, finished_at_ms = u.at_ms, finished_run_ms = u.run_ms,"
              " payload = '' from unnest(cast(:seqs as bigint[]), cast(:at as bigint[]),"
              " cast(:run as bigint[])) as u(seq, at_ms, run_ms)"
              " where inbox.seq = u.seq and state = 0 returning inbox.seq") {}

    void add(const Database& database, std::int64_t its_seq, RowTime now) {
        batch.add(database, its_seq, its_seq, now.at_ms, now.run_ms);
    }
};

struct ChargeBatch : UpdateBatch<4> {
    explicit ChargeBatch(soci::session& sql)
        : UpdateBatch(sql,
                      "update inbox set begun_in = u.run, attempts = u.attempts, attempt_log ="
                      " case when length(attempt_log) < " +
                          std::to_string(attempt_log_max) +
                          " and (inbox.attempts <> u.attempts or begun_in <> u.run)"
                          " then attempt_log || u.log else attempt_log end"
                          " from unnest(cast(:seqs as bigint[]), cast(:runs as bigint[]),"
                          " cast(:attempts as integer[]), cast(:logs as text[]))"
                          " as u(seq, run, attempts, log)"
                          " where inbox.seq = u.seq and state = 0 returning inbox.seq") {}

    void add(const Database& database, std::int64_t its_seq, int its_attempts, std::int64_t run,
             RowTime now) {
        batch.add(database, its_seq, its_seq, run, its_attempts,
                  entry_of({.began_at_ms = now.at_ms}));
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
