#include "durable/cluster/cluster_rows.hpp"

#include <soci/soci.h>

#include "durable/database/database.hpp"
#include "durable/database/statement.hpp"

namespace hermes::durable {
namespace {

// The session with which a gateway was at work last, and no other that has its number by now.
constexpr const char* its_session =
    "from pg_stat_activity a where a.pid = g.pid and a.datname = current_database()"
    " and cast(extract(epoch from a.backend_start) * 1000 as bigint) = g.session_at_ms";
constexpr const char* own_session_at_ms =
    "(select cast(extract(epoch from backend_start) * 1000 as bigint) from pg_stat_activity"
    " where pid = pg_backend_pid())";

}  // namespace

void join_cluster(Database& database, std::int64_t run, const std::string& name, bool is_drained) {
    auto& sql = database.session();
    const auto identity = database.gateway_identity();
    const int drained = is_drained ? 1 : 0;
    if (!identity.empty()) {
        sql << "delete from gateways where identity = :identity", soci::use(identity);
    }
    sql << "insert into gateways(run, identity, name, drained, pid, session_at_ms, started_at_ms,"
           " beat_at_ms) values (:run, :identity, :name, :drained, pg_backend_pid(), "
        << own_session_at_ms << ", " << server_now_ms << ", " << server_now_ms << ")",
        soci::use(run), soci::use(identity), soci::use(name), soci::use(drained);
}

void beat(Database& database, std::int64_t run) {
    database.session() << "update gateways set pid = pg_backend_pid(), session_at_ms = "
                       << own_session_at_ms << ", beat_at_ms = " << server_now_ms
                       << " where run = :run",
        soci::use(run);
}

void leave_cluster(Database& database, std::int64_t run) {
    remove_member(database, run);
    database.session() << "update shards set run = 0 where run = :run", soci::use(run);
}

std::vector<Member> read_members(Database& database) {
    std::vector<Member> members;
    Member member;
    std::int64_t silence_ms = 0, session_age_ms = 0;
    int has_session = 0, is_drained = 0;
    soci::statement read =
        (database.session().prepare
             << "select g.run, " << server_now_ms << " - g.beat_at_ms, " << server_now_ms
             << " - g.session_at_ms, g.drained, cast((select count(*) " << its_session
             << ") as integer) from gateways g order by g.run",
         soci::into(member.run), soci::into(silence_ms), soci::into(session_age_ms),
         soci::into(is_drained), soci::into(has_session));
    for_each_row(read, [&] {
        member.silence = std::chrono::milliseconds(silence_ms);
        member.session_age = std::chrono::milliseconds(session_age_ms);
        member.has_session = has_session != 0;
        member.is_drained = is_drained != 0;
        members.push_back(member);
    });
    return members;
}

void end_session_of(Database& database, std::int64_t run) {
    database.session() << "select (select count(pg_terminate_backend(a.pid)) " << its_session
                       << ") from gateways g where g.run = :run and g.pid <> pg_backend_pid()",
        soci::use(run);
}

void remove_member(Database& database, std::int64_t run) {
    database.session() << "delete from gateways where run = :run", soci::use(run);
}

std::vector<ShardPlace> read_shards(Database& database) {
    std::vector<ShardPlace> places(shard_count);
    int shard = 0;
    std::int64_t run = 0;
    soci::statement read = (database.session().prepare << "select shard, run from shards",
                            soci::into(shard), soci::into(run));
    for_each_row(read, [&] { places.at(static_cast<std::size_t>(shard)).last = run; });
    database.held_by_any().for_each(
        [&](int held) { places.at(static_cast<std::size_t>(held)).is_held = true; });
    return places;
}

Shards claim_shards(Database& database, std::int64_t run, Shards shards) {
    if (shards.empty()) {
        return {};
    }
    const auto held = shards & database.held();
    const auto got = held | database.try_hold(shards - held);
    const auto bits = got.bits();
    database.session() << "update shards set run = :run"
                          " where "
                       << in_shards(":shards") << " and run <> :run",
        soci::use(run, "run"), soci::use(bits, "shards");
    return got;
}

void give_shards_back(Database& database, std::int64_t run, Shards shards) {
    const auto bits = shards.bits();
    database.session() << "update shards set run = 0"
                          " where "
                       << in_shards(":shards") << " and run = :run",
        soci::use(bits, "shards"), soci::use(run, "run");
    database.give_back(shards);
}

bool hold_shard(Database& database, std::int64_t run, int shard) {
    if (database.holds(shard)) {
        return true;
    }
    std::int64_t last = 0;
    database.session() << "select run from shards where shard = :shard", soci::use(shard),
        soci::into(last);
    return last == run && !database.try_hold(Shards::one(shard)).empty();
}

}  // namespace hermes::durable
