// Where the state lives: the `state` setting, understood.
#pragma once

#include <cstdint>
#include <string>

namespace hermes::durable {

enum class Dialect { sqlite, postgresql };

// Says what to write, and nothing of what was written: that may hold a password in any place.
inline constexpr const char* no_database_address =
    "state is no valid database address: write postgresql://user:password@host/database, with "
    "@ : / ? # % in the password percent-encoded (@ as %40)";

// For who has one platform alone.
inline constexpr const char* default_platform = "messages";

struct Location {
    std::string platform = default_platform;  // names the file, the schema and the locks
    Dialect dialect = Dialect::sqlite;
    std::string path;            // SQLite: the file
    std::string connect;         // PostgreSQL: what libpq is given; may hold a password
    std::string data_directory;  // of the adapter; may be empty
    std::string shown;           // for people: the file, or the address without credentials

    // "state file /var/lib/x.db" or "state database postgresql://host/name".
    std::string noun() const;
    // PostgreSQL: the second key of its advisory locks, so that two platforms may share a database.
    std::int32_t lock_id() const noexcept;
    // Likewise: where its gateways tell each other what they have stored.
    std::string channel() const { return "hermes_" + platform; }
};

// Empty: `<platform>.db` in the data directory. A relative path is one in the data directory.
// Throws StoreOpenError.
Location parse_location(const std::string& setting, const std::string& data_directory,
                        const std::string& platform = default_platform);

}  // namespace hermes::durable
