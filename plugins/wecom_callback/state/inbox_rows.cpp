#include "state/inbox_rows.hpp"

#include <soci/soci.h>

#include "state/database.hpp"
#include "state/statement.hpp"

namespace hermes::wecom {
namespace {

struct InsertEvent {
    std::int64_t received_at_ms = 0;
    std::string duplicate_key, account, chat, xml;
    InsertStatement statement;

    explicit InsertEvent(soci::session& sql)
        : statement(sql,
                    "insert into inbox(received_at_ms, duplicate_key, account, chat, xml)"
                    " values (:at, :key, :account, :chat, :xml)"
                    " on conflict (duplicate_key) do nothing",
                    received_at_ms, duplicate_key, account, chat, xml) {}
};

struct SettleEvent {
    std::int64_t now_ms = 0, seq = 0;
    soci::statement statement;

    explicit SettleEvent(soci::session& sql)
        : statement((sql.prepare << "update inbox set state = 1, settled_at_ms = :now, xml = ''"
                                    " where seq = :seq and state = 0",
                     soci::use(now_ms), soci::use(seq))) {}
};

struct MarkHandedOver {
    std::int64_t run = 0, seq = 0;
    int charge = 0;
    soci::statement statement;

    explicit MarkHandedOver(soci::session& sql)
        : statement(
              (sql.prepare << "update inbox set handed_in = :run, attempts = attempts + :charge"
                              " where seq = :seq and state = 0",
               soci::use(run), soci::use(charge), soci::use(seq))) {}
};

struct TakeBackCharge {
    std::int64_t seq = 0;
    soci::statement statement;

    explicit TakeBackCharge(soci::session& sql)
        : statement((sql.prepare << "update inbox set attempts = attempts - 1"
                                    " where seq = :seq and state = 0 and attempts > 0",
                     soci::use(seq))) {}
};

struct ReadPending {
    std::int64_t after = 0;
    int limit = 0;
    PendingEvent event;
    soci::statement statement;

    explicit ReadPending(soci::session& sql)
        : statement((sql.prepare << "select seq, account, chat, attempts from inbox"
                                    " where state = 0 and seq > :after order by seq limit :limit",
                     soci::use(after), soci::use(limit), soci::into(event.seq),
                     soci::into(event.account), soci::into(event.chat),
                     soci::into(event.attempts))) {}
};

struct ReadEvent {
    std::int64_t seq = 0, handed_in = 0;
    int attempts = 0;
    StoredEvent event;
    soci::statement statement;

    explicit ReadEvent(soci::session& sql)
        : statement((sql.prepare << "select seq, account, chat, xml, attempts, handed_in from inbox"
                                    " where seq = :seq and state = 0",
                     soci::use(seq), soci::into(event.seq), soci::into(event.account),
                     soci::into(event.chat), soci::into(event.xml), soci::into(attempts),
                     soci::into(handed_in))) {}
};

}  // namespace

std::optional<std::int64_t> insert_event(Database& database, const NewEvent& event,
                                         std::int64_t now_ms) {
    auto& insert = database.prepared<InsertEvent>();
    insert.received_at_ms = now_ms;
    insert.duplicate_key = event.duplicate_key;
    insert.account = event.account;
    insert.chat = event.chat;
    insert.xml = event.xml;
    return insert.statement.run();
}

void settle_event(Database& database, std::int64_t seq, std::int64_t now_ms) {
    auto& settle = database.prepared<SettleEvent>();
    settle.now_ms = now_ms;
    settle.seq = seq;
    settle.statement.execute(true);
}

void mark_handed_over(Database& database, std::int64_t seq, std::int64_t run, int charge) {
    auto& mark = database.prepared<MarkHandedOver>();
    mark.run = run;
    mark.seq = seq;
    mark.charge = charge;
    mark.statement.execute(true);
}

void take_back_charge(Database& database, std::int64_t seq) {
    auto& take_back = database.prepared<TakeBackCharge>();
    take_back.seq = seq;
    take_back.statement.execute(true);
}

void set_event_aside(Database& database, std::int64_t seq, const std::string& reason,
                     std::int64_t now_ms) {
    database.session() << "update inbox set state = 2, settled_at_ms = :now, reason = :reason"
                          " where seq = :seq and state = 0",
        soci::use(now_ms), soci::use(reason), soci::use(seq);
}

std::vector<PendingEvent> read_pending_events(Database& database, std::int64_t after, int limit) {
    auto& read = database.prepared<ReadPending>();
    read.after = after;
    read.limit = limit;
    std::vector<PendingEvent> events;
    for_each_row(read.statement, [&] { events.push_back(read.event); });
    return events;
}

std::vector<std::int64_t> read_last_attempts(Database& database, int limit) {
    const int attempts = event_attempts_max - 1;
    std::int64_t seq = 0;
    std::vector<std::int64_t> seqs;
    soci::statement read =
        (database.session().prepare << "select seq from inbox where state = 0"
                                       " and attempts = :attempts order by seq limit :limit",
         soci::use(attempts), soci::use(limit), soci::into(seq));
    for_each_row(read, [&] { seqs.push_back(seq); });
    return seqs;
}

std::optional<StoredEvent> read_event(Database& database, std::int64_t seq) {
    auto& read = database.prepared<ReadEvent>();
    read.seq = seq;
    if (!has_row(read.statement)) {
        return std::nullopt;
    }
    read.event.attempt = read.attempts + 1;
    read.event.redelivered = read.handed_in != 0;
    return std::exchange(read.event, {});
}

std::string read_account(Database& database, std::int64_t seq) {
    std::string account;
    database.session() << "select account from inbox where seq = :seq", soci::use(seq),
        soci::into(account);
    return account;
}

}  // namespace hermes::wecom
