// The tables: the only DDL is in schema.cpp.
#pragma once

#include <cstdint>
#include <string>

namespace hermes::durable {

class Database;

inline constexpr std::int64_t schema_version = 6;
// In an SQLite file: it is ours to add tables to. "HWCB".
inline constexpr int application_id = 0x48574342;

// Creates the tables, or brings them to `schema_version`. Throws StoreOpenError for a newer one,
// otherwise what SOCI throws.
void migrate_schema(Database& database);

// Gives each row that waits or may be put back the shard of its account and chat: for who has
// changed either. `table`: inbox or outbox. Throws what SOCI throws.
void place_in_shards(Database& database, const std::string& table);

// Reads only. Throws StoreOpenError unless the tables are there and of this version.
void require_schema(Database& database);

}  // namespace hermes::durable
