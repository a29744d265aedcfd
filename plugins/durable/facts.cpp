#include "durable/facts.hpp"

#include <soci/soci.h>

#include <memory>
#include <utility>

#include "durable/database.hpp"
#include "durable/group_commit.hpp"
#include "durable/reads.hpp"
#include "durable/retention.hpp"
#include "durable/row_time.hpp"

namespace hermes::durable {
namespace {

// Takes the place of what was there.
auto putting(FactKey fact, std::string value, base::WallTime expires_at) {
    return [fact = std::move(fact), value = std::move(value),
            expires_at_ms = base::to_unix_ms(expires_at)](Database& database) {
        database.session() << "insert into facts(kind, account, key, value, expires_at_ms)"
                              " values (:kind, :account, :key, :value, :expires)"
                              " on conflict (kind, account, key) do update"
                              " set value = excluded.value, expires_at_ms = excluded.expires_at_ms",
            soci::use(fact.kind), soci::use(fact.account), soci::use(fact.key), soci::use(value),
            soci::use(expires_at_ms);
    };
}

}  // namespace

// One statement, so that of two gateways the second waits for the first and then finds its row.
bool put_if_absent(Database& database, const FactKey& fact, const std::string& value,
                   std::int64_t expires_at_ms, std::int64_t now_ms) {
    soci::statement statement =
        (database.session().prepare
             << "insert into facts(kind, account, key, value, expires_at_ms)"
                " values (:kind, :account, :key, :value, :expires)"
                " on conflict (kind, account, key) do update"
                " set value = excluded.value, expires_at_ms = excluded.expires_at_ms"
                " where facts.expires_at_ms <= :now",
         soci::use(fact.kind), soci::use(fact.account), soci::use(fact.key), soci::use(value),
         soci::use(expires_at_ms), soci::use(now_ms));
    statement.execute(true);
    return statement.get_affected_rows() > 0;
}

void Facts::load(FactKey fact, Loaded then) {
    reads_.read(
        [fact = std::move(fact), now_ms = clock_.now().at_ms](Database& database) {
            auto& sql = database.session();
            std::string value;
            sql << "select value from facts where kind = :kind and account = :account"
                   " and key = :key and expires_at_ms > :now",
                soci::use(fact.kind), soci::use(fact.account), soci::use(fact.key),
                soci::use(now_ms), soci::into(value);
            return sql.got_data() ? std::optional(std::move(value)) : std::nullopt;
        },
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

bool remove_expired_facts(Database& database, std::int64_t now_ms) {
    soci::statement statement =
        (database.session().prepare
             << "delete from facts where (kind, account, key) in"
                " (select kind, account, key from facts where expires_at_ms <= :now limit :limit)",
         soci::use(now_ms), soci::use(rows_per_piece));
    statement.execute(true);
    return statement.get_affected_rows() >= rows_per_piece;
}

}  // namespace hermes::durable
