#include "durable/facts/facts.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "durable/database/database.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/reads.hpp"
#include "durable/database/statement.hpp"
#include "durable/database/write.hpp"

namespace hermes::durable {
namespace {

constexpr std::int64_t clock_patience_ms = 3'600'000;

// Takes the place of what was there, or only of what has expired.
struct PutFact {
    FactKey fact;
    std::string value;
    std::int64_t expires_at_ms = 0, replaced_before_ms = 0;
    soci::statement statement;

    // One statement, so that of two gateways the second waits for the first and then finds its row.
    explicit PutFact(soci::session& sql)
        : statement(
              (sql.prepare << "insert into facts(kind, account, key, value, expires_at_ms)"
                              " values (:kind, :account, :key, :value, :expires)"
                              " on conflict (kind, account, key) do update"
                              " set value = excluded.value, expires_at_ms = excluded.expires_at_ms"
                              " where facts.expires_at_ms <= :before",
               soci::use(fact.kind), soci::use(fact.account), soci::use(fact.key), soci::use(value),
               soci::use(expires_at_ms), soci::use(replaced_before_ms))) {}
};

// Takes the place of that value alone.
struct ReplaceFact {
    FactKey fact;
    std::string value, replaced;
    std::int64_t expires_at_ms = 0;
    soci::statement statement;

    explicit ReplaceFact(soci::session& sql)
        : statement((sql.prepare << "update facts set value = :value, expires_at_ms = :expires"
                                    " where kind = :kind and account = :account and key = :key"
                                    " and value = :replaced",
                     soci::use(value), soci::use(expires_at_ms), soci::use(fact.kind),
                     soci::use(fact.account), soci::use(fact.key), soci::use(replaced))) {}
};

struct NewestEvent {
    std::int64_t seq = 0;
    soci::statement statement;

    explicit NewestEvent(soci::session& sql)
        : statement((sql.prepare << "select coalesce(max(seq), 0) from inbox", soci::into(seq))) {}
};

struct ReadFact {
    FactKey fact;
    std::int64_t now_ms = 0;
    std::string value;
    soci::statement statement;

    explicit ReadFact(soci::session& sql)
        : statement((sql.prepare << "select value from facts where kind = :kind"
                                    " and account = :account and key = :key"
                                    " and expires_at_ms > :now",
                     soci::use(fact.kind), soci::use(fact.account), soci::use(fact.key),
                     soci::use(now_ms), soci::into(value))) {}
};

std::optional<std::string> read_fact(Database& database, const FactKey& fact, std::int64_t now_ms) {
    auto& read = database.prepared<ReadFact>();
    read.fact = fact;
    read.now_ms = now_ms;
    return has_row(read.statement) ? std::optional(std::move(read.value)) : std::nullopt;
}

std::int64_t newest_event(Database& database) {
    auto& read = database.prepared<NewestEvent>();
    return has_row(read.statement) ? read.seq : 0;
}

bool replace(Database& database, const FactKey& fact, const std::string& replaced,
             const std::string& value, std::int64_t expires_at_ms) {
    auto& replacing = database.prepared<ReplaceFact>();
    replacing.fact = fact;
    replacing.replaced = replaced;
    replacing.value = value;
    replacing.expires_at_ms = expires_at_ms;
    replacing.statement.execute(true);
    return replacing.statement.get_affected_rows() > 0;
}

// Whatever there is has expired by the end of time.
auto putting(FactKey fact, std::string value, base::WallTime expires_at) {
    return [fact = std::move(fact), value = std::move(value),
            expires_at_ms = base::to_unix_ms(expires_at)](Database& database) {
        put_if_absent(database, fact, value, expires_at_ms,
                      std::numeric_limits<std::int64_t>::max());
    };
}

}  // namespace

bool put_if_absent(Database& database, const FactKey& fact, const std::string& value,
                   std::int64_t expires_at_ms, std::int64_t now_ms) {
    auto& put = database.prepared<PutFact>();
    put.fact = fact;
    put.value = value;
    put.expires_at_ms = expires_at_ms;
    put.replaced_before_ms = now_ms;
    put.statement.execute(true);
    return put.statement.get_affected_rows() > 0;
}

void Facts::load(FactKey fact, Loaded then) {
    reads_.read([fact = std::move(fact), now_ms = clock_.now().at_ms](
                    Database& database) { return read_fact(database, fact, now_ms); },
                std::move(then));
}

void Facts::save(FactKey fact, std::string value, base::WallTime expires_at) {
    writer_.submit(make_write(Persistence::persistent,
                              putting(std::move(fact), std::move(value), expires_at),
                              LogFailure(log_, "what is remembered of a member or a file")));
}

void Facts::save(FactKey fact, std::string value, base::WallTime expires_at, Done done) {
    writer_.submit(
        make_write(Persistence::persistent, putting(std::move(fact), std::move(value), expires_at),
                   [this, done = std::move(done)](boost::system::error_code error) mutable {
                       loop_.post([error, done = std::move(done)]() mutable { done(error); });
                   }));
}

void Facts::change(FactKey fact, Change change, base::WallTime expires_at, Loaded then) {
    const auto value = std::make_shared<std::optional<std::string>>();
    writer_.submit(make_write(
        Persistence::persistent,
        [value, fact = std::move(fact), change = std::move(change),
         expires_at_ms = base::to_unix_ms(expires_at),
         now_ms = clock_.now().at_ms](Database& database) {
            const Known known{read_fact(database, fact, now_ms), newest_event(database)};
            *value = known.value;
            const auto next = change(known);
            if (!next) {
                return;
            }
            const bool is_changed =
                known.value ? replace(database, fact, *known.value, *next, expires_at_ms)
                            : put_if_absent(database, fact, *next, expires_at_ms, now_ms);
            *value = is_changed ? next : read_fact(database, fact, now_ms);
        },
        [this, value, then = std::move(then)](boost::system::error_code error) mutable {
            loop_.post([error, value, then = std::move(then)]() mutable {
                using Found = base::Result<std::optional<std::string>>;
                then(error ? Found(boost::system::in_place_error, error)
                           : Found(boost::system::in_place_value, std::move(*value)));
            });
        }));
}

void Facts::save_if_absent(FactKey fact, std::string value, base::WallTime expires_at,
                           Claimed then) {
    const auto absent = std::make_shared<bool>(false);
    writer_.submit(make_write(
        Persistence::fail_fast,
        [absent, fact = std::move(fact), value = std::move(value),
         expires_at_ms = base::to_unix_ms(expires_at),
         now_ms = clock_.now().at_ms](Database& database) {
            *absent = put_if_absent(database, fact, value, expires_at_ms, now_ms);
        },
        [this, absent, then = std::move(then)](boost::system::error_code error) mutable {
            loop_.post([error, absent, then = std::move(then)]() mutable {
                then(error ? base::Result<bool>(boost::system::in_place_error, error)
                           : base::Result<bool>(boost::system::in_place_value, *absent));
            });
        }));
}

bool FactRetention::clean(Database& database, RowTime now) {
    if (!looked_at_ || now.run_ms - looked_at_->run_ms >= clock_patience_ms) {
        expired_by_ms_ = looked_at_ ? looked_at_->at_ms : 0;
        looked_at_ = now;
    }
    const auto expired_by_ms = std::min(expired_by_ms_, now.at_ms);
    soci::statement statement =
        (database.session().prepare
             << "delete from facts where (kind, account, key) in"
                " (select kind, account, key from facts where expires_at_ms <= :expired_by"
                " limit :limit)",
         soci::use(expired_by_ms), soci::use(rows_per_piece));
    statement.execute(true);
    return statement.get_affected_rows() >= rows_per_piece;
}

}  // namespace hermes::durable
