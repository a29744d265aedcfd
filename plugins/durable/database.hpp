// One connection to the database, with its prepared statements. Used by one thread at a time.
//
// The only place that knows SQLite from PostgreSQL, and the only one with DDL. Functions throw what
// SOCI throws unless said otherwise; `diagnose` tells what that means.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>

#include "durable/gateway_lock.hpp"
#include "durable/location.hpp"
#include "durable/state_failure.hpp"

namespace soci {
class session;
}

namespace hermes::durable {

class Database {
public:
    // Connects; creates the SQLite file (mode 0600) if there is none. Throws StoreOpenError.
    explicit Database(Location location);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Creates the tables, or brings them up to date. Throws StoreOpenError.
    void migrate();
    // Changes nothing. Throws StoreOpenError unless the tables are of this version.
    void require_current_schema();

    // Makes this connection's owner the only gateway of the database until it resigns. Otherwise
    // returns who is.
    std::optional<GatewayHolder> become_gateway(GatewayKind kind);
    // Lets the next gateway start at once.
    void resign() noexcept;
    // Whether anybody is the gateway now.
    bool gateway_runs();

    soci::session& session() noexcept { return *session_; }

    // A statement class is constructed from the session, once a connection.
    template <typename Statement>
    Statement& prepared() {
        auto& slot = statements_[std::type_index(typeid(Statement))];
        if (!slot) {
            slot = std::make_shared<Statement>(*session_);
        }
        return *static_cast<Statement*>(slot.get());
    }

    // A transaction that writes. Reconnects first if the connection was closed.
    void begin();
    void commit();
    void rollback() noexcept;
    // Counts those, for who remembers what a transaction did.
    std::uint64_t rollbacks() const noexcept { return rollbacks_; }

    // After a failure: the next begin() or reconnect() starts afresh.
    void close() noexcept;
    bool is_open() const noexcept { return session_ != nullptr; }
    void reconnect();

    // A write that changes nothing of meaning, inside a transaction: can this database write?
    void probe();
    // Makes a call on a database server that does not return fail. Nothing can be done about a
    // disk.  [any]
    void interrupt() noexcept;
    // False while the disk of an SQLite file is so full that the next event may not fit.
    bool has_room() const noexcept;

    StateFailure diagnose(const std::exception& error) const;
    const Location& location() const noexcept { return location_; }

private:
    void connect();
    void connect_sqlite();
    void connect_postgresql();
    void prepare_file() const;
    void check_owner();
    void check_file() const;
    std::optional<GatewayHolder> lock_gateway(GatewayKind kind);
    std::optional<GatewayHolder> lock_file(const std::string& path, GatewayKind kind);
    bool try_advisory_lock();
    std::string application_name(GatewayKind kind) const;

    Location location_;
    std::optional<FileLock> file_lock_;
    std::optional<GatewayKind> gateway_;  // what this is, if it is one
    std::mutex socket_mutex_;             // guards socket_
    int socket_ = -1;                     // of the connection to a database server
    std::uint64_t inode_ = 0;             // of the SQLite file that was opened first; 0: none yet
    std::uint64_t rollbacks_ = 0;
    std::int64_t probes_ = 0;
    std::unique_ptr<soci::session> session_;
    // After the session: destroyed before it. Shared only for the type-erased deleter.
    std::unordered_map<std::type_index, std::shared_ptr<void>> statements_;
};

}  // namespace hermes::durable
