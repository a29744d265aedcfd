#include "durable/outbox/outbox_batches.hpp"

#include <soci/soci.h>

#include <set>
#include <utility>

#include "durable/database/database.hpp"
#include "durable/database/gathered.hpp"
#include "durable/database/shards.hpp"

namespace hermes::durable {
namespace {

struct DeliveredBatch : UpdateBatch<5> {
    explicit DeliveredBatch(soci::session& sql)
        : UpdateBatch(sql,
                      "update outbox set state = 1, payload = '', preview = '', reason = '',"
                      " finished_at_ms = u.at_ms, finished_run_ms = u.run_ms, msgid = u.msgid,"
                      " attempt_log = attempt_log || u.log from unnest(cast(:seqs as bigint[]),"
                      " cast(:at as bigint[]), cast(:run as bigint[]), cast(:msgids as text[]),"
                      " cast(:logs as text[])) as u(seq, at_ms, run_ms, msgid, log)"
                      " where outbox.seq = u.seq and state <> 1 returning outbox.seq") {}

    void add(const Database& database, std::int64_t its_seq, const std::string& msgid,
             const std::string& attempt, RowTime now) {
        batch.add(database, its_seq, its_seq, now.at_ms, now.run_ms, msgid, attempt);
    }
};

// Of messages to one chat the first to be left out ends it: those behind it are left out too, and
// are stored behind it. Equal ones see each other only if each is stored by itself.
struct MessageBatch {
    std::set<std::string> ended;                          // chats
    std::set<std::pair<std::string, std::int64_t>> said;  // fingerprints, by chat
    long long enqueue_id = 0, seq = 0;
    int checked = 0;
    Batch<std::int64_t, InsertedPart, 13> batch;

    explicit MessageBatch(soci::session& sql)
        : batch(
              sql,
              "insert into outbox(message, part, parts, deadline_run_ms, lifetime_ms,"
              " created_at_ms, account, chat, format, payload, preview, checked, notice, answers,"
              " fingerprint, enqueue_id, file, shard)"
              " select 0, 1, 1, deadline, lifetime, created, u.account, u.chat, '', u.payload,"
              " u.preview, case when exists (select 1 from outbox where account = u.account"
              " and chat = u.chat and fingerprint = u.fingerprint"
              " and (state = 0 or finished_run_ms > u.since)) then 0 else 1 end,"
              " u.notice, u.answers, u.fingerprint, u.enqueue, 0, u.shard"
              " from unnest(cast(:deadlines as bigint[]), cast(:lifetimes as bigint[]),"
              " cast(:created as bigint[]), cast(:accounts as text[]), cast(:chats as text[]),"
              " cast(:payloads as text[]), cast(:previews as text[]), cast(:notices as integer[]),"
              " cast(:answers as bigint[]), cast(:fingerprints as bigint[]),"
              " cast(:since as bigint[]), cast(:enqueues as bigint[]), cast(:shards as integer[]))"
              " as u(deadline, lifetime, created, account, chat, payload, preview, notice, answers,"
              " fingerprint, since, enqueue, shard)"
              " returning enqueue_id, seq, checked",
              enqueue_id, seq, checked) {}

    void add(const Database& database, const NewMessage& message, std::int64_t id, RowTime now,
             Gathering how) {
        if (batch.begin(database)) {
            ended.clear();
            said.clear();
        }
        const auto chat = message.account + '\0' + message.chat;
        const auto& part = message.parts.front();
        const auto fingerprint = fingerprint_of(part.payload);
        if (how == Gathering::left_out || message.parts.size() > 1 || part.file ||
            ended.contains(chat) || !said.emplace(chat, fingerprint).second) {
            ended.insert(chat);
            return;
        }
        batch.add(database, id, now.run_ms + message.lifetime.count(), message.lifetime.count(),
                  now.at_ms, message.account, message.chat, part.payload, part.preview,
                  message.is_notice ? 1 : 0, message.answers, fingerprint,
                  now.run_ms - equal_memory_ms, id, shard_of(message.account, message.chat));
    }

    std::optional<InsertedPart> take(const Database& database, std::int64_t id) {
        return batch.take(database, id, [this] {
            return std::pair<const std::int64_t, InsertedPart>(enqueue_id,
                                                               {seq, check_of(checked)});
        });
    }
};

}  // namespace

void gather_message(Database& database, const NewMessage& message, std::int64_t enqueue_id,
                    RowTime now, Gathering how) {
    gather<MessageBatch>(database, message, enqueue_id, now, how);
}

std::optional<InsertedPart> take_message(Database& database, std::int64_t enqueue_id) {
    return take<MessageBatch>(database, enqueue_id);
}

void gather_delivered(Database& database, std::int64_t seq, const std::string& msgid,
                      const std::string& attempt, RowTime now) {
    gather<DeliveredBatch>(database, seq, msgid, attempt, now);
}

std::optional<bool> take_delivered(Database& database, std::int64_t seq) {
    return take<DeliveredBatch>(database, seq);
}

}  // namespace hermes::durable
