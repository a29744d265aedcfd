// The SQL by which gateways on one PostgreSQL see each other. Functions throw what SOCI throws.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "durable/cluster/shard_plan.hpp"

namespace hermes::durable {

class Database;

// The server's clock, in Unix milliseconds; not the transaction's: one that was frozen in the
// middle of it must not look fresh.
inline constexpr const char* server_now_ms =
    "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

// Enters this gateway. One of the same identity was its predecessor, and is gone. `is_drained`: it
// was in there before, and has been told to serve nothing.
void join_cluster(Database& database, std::int64_t run, const std::string& name, bool is_drained);
// It is at work, with this connection.
void beat(Database& database, std::int64_t run);
void leave_cluster(Database& database, std::int64_t run);

// By run.
std::vector<Member> read_members(Database& database);
// Ends the session of one that is silent, with all that it holds.
void end_session_of(Database& database, std::int64_t run);
void remove_member(Database& database, std::int64_t run);

std::vector<ShardPlace> read_shards(Database& database);
// Those of them that this connection holds now.
Shards claim_shards(Database& database, std::int64_t run, Shards shards);
// When the transaction is committed they are anybody's.
void give_shards_back(Database& database, std::int64_t run, Shards shards);

// Before what only the owner of a shard may write: whether this connection holds it. It may have
// been made anew a moment ago: then it takes up the shard again, unless another gateway has had it
// since.
bool hold_shard(Database& database, std::int64_t run, int shard);

}  // namespace hermes::durable
