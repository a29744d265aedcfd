#include "durable/store/retention.hpp"

#include <soci/soci.h>

#include <utility>
#include <vector>

#include "durable/database/database.hpp"
#include "durable/database/statement.hpp"
#include "durable/database/write.hpp"

namespace hermes::durable {
namespace {

// Rows are nearly in the order of their age, so a sweep goes from the oldest on and ends with the
// first piece whose last row is too young for anything: no index is needed, and a large table costs
// nothing. Not at the first young row: a letter that was retried is one, among old ones.
struct Sweep {
    std::int64_t after = 0;
    int limit = rows_per_piece;
    std::int64_t seq = 0, stored_run_ms = 0, finished_run_ms = 0;
    int state = 0;
    soci::statement rows;

    Sweep(soci::session& sql, const char* query)
        : rows((sql.prepare << query, soci::use(after), soci::use(limit), soci::into(seq),
                soci::into(state), soci::into(stored_run_ms), soci::into(finished_run_ms))) {}
};

struct InboxSweep : Sweep {
    explicit InboxSweep(soci::session& sql)
        : Sweep(sql,
                "select seq, state, received_run_ms, finished_run_ms from inbox"
                " where seq > :after order by seq limit :limit") {}
};

struct OutboxSweep : Sweep {
    explicit OutboxSweep(soci::session& sql)
        : Sweep(sql,
                "select seq, state, deadline_run_ms - lifetime_ms, finished_run_ms from outbox"
                " where seq > :after order by seq limit :limit") {}
};

struct Delete {
    std::int64_t seq = 0;
    soci::statement statement;

    Delete(soci::session& sql, const char* query)
        : statement((sql.prepare << query, soci::use(seq))) {}
};

struct DeleteEvent : Delete {
    explicit DeleteEvent(soci::session& sql) : Delete(sql, "delete from inbox where seq = :seq") {}
};

struct DeletePart : Delete {
    explicit DeletePart(soci::session& sql) : Delete(sql, "delete from outbox where seq = :seq") {}
};

constexpr int state_done = 1;
constexpr int state_dead = 2;

struct Piece {
    std::vector<std::int64_t> old;
    std::int64_t last = 0;
    bool more = false;  // the piece was full, and its last row may have old ones after it
};

Piece look(Sweep& sweep, std::int64_t after, std::int64_t done_before, std::int64_t dead_before) {
    Piece piece;
    int rows = 0;
    bool young = false;
    sweep.after = after;
    for_each_row(sweep.rows, [&] {
        ++rows;
        piece.last = sweep.seq;
        young = sweep.stored_run_ms >= done_before;
        const bool done = sweep.state == state_done && sweep.stored_run_ms < done_before &&
                          sweep.finished_run_ms < done_before;
        const bool dead = sweep.state == state_dead && sweep.finished_run_ms < dead_before;
        if (done || dead) {
            piece.old.push_back(sweep.seq);
        }
    });
    piece.more = rows == sweep.limit && !young;
    return piece;
}

void remove(Delete& one, const std::vector<std::int64_t>& seqs) {
    for (const auto seq : seqs) {
        one.seq = seq;
        one.statement.execute(true);
    }
}

}  // namespace

bool Retention::clean(Database& database, std::int64_t now_run_ms) {
    const auto before = [now_run_ms](std::chrono::hours memory) {
        return now_run_ms - std::chrono::milliseconds(memory).count();
    };
    const auto dead_before = before(dead_letter_memory);
    Piece piece;
    if (table_ == Table::inbox) {
        piece =
            look(database.prepared<InboxSweep>(), after_, before(duplicate_memory), dead_before);
        remove(database.prepared<DeleteEvent>(), piece.old);
    } else {
        piece =
            look(database.prepared<OutboxSweep>(), after_, before(delivered_memory), dead_before);
        remove(database.prepared<DeletePart>(), piece.old);
    }
    if (piece.more) {
        after_ = piece.last;
        return true;
    }
    after_ = 0;
    table_ = table_ == Table::inbox ? Table::outbox : Table::inbox;
    return table_ == Table::outbox;
}

}  // namespace hermes::durable
