// One connection to the database, with its prepared statements. Used by one thread at a time.
//
// With schema.cpp, which has the DDL, what knows most of SQLite from PostgreSQL; elsewhere a
// statement asks for the dialect. Functions throw what SOCI throws unless said otherwise;
// `diagnose` tells what that means.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <utility>

#include "base/unique_fd.hpp"
#include "durable/database/gateway_lock.hpp"
#include "durable/database/location.hpp"
#include "durable/database/shards.hpp"
#include "durable/database/soci_library.hpp"
#include "durable/database/state_failure.hpp"
#include "durable/database/under_way.hpp"

namespace soci {
class session;
}

namespace hermes::durable {

class Database {
public:
    // Connects; creates the SQLite file (mode 0600) if there is none. Throws StoreOpenError.
    explicit Database(Location location);
    // Closed, until reconnect().
    static Database closed(Location location);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Creates the tables, or brings them up to date. Throws StoreOpenError.
    void migrate();
    // Changes nothing. Throws StoreOpenError unless the tables are of this version.
    void require_current_schema();

    // Makes this connection's owner a gateway of the database until it resigns: the only one, but
    // for gateways on PostgreSQL, of which there may be any number. Otherwise returns who is in the
    // way.
    std::optional<GatewayHolder> become_gateway(GatewayKind kind);
    // Of a gateway: the same for every process that has run on that data directory of this machine,
    // one at a time; empty if it has none.
    std::string gateway_identity() const;
    // Lets the next gateway start at once.
    void resign() noexcept;
    // Whether anybody is the gateway now.
    bool gateway_runs();

    // PostgreSQL: which shards this connection holds, by locks that end with it. Elsewhere, and for
    // a visitor, it holds all: nobody shares. What is given back goes when the transaction is
    // committed, not before: whoever has it then sees all that was written.
    bool holds(int shard) const noexcept { return !shares_ || held_.contain(shard); }
    Shards held() const noexcept { return shares_ ? held_ - giving_back_ : Shards::all(); }
    Shards try_hold(Shards shards);
    void give_back(Shards shards) noexcept { giving_back_ |= shards & held_; }
    // Those that anybody holds.
    Shards held_by_any();
    // Whether other gateways are at work on this database.
    bool has_company();

    // What is to be the last of this transaction; forgotten with it.
    void before_commit(std::function<void(Database&)> work) { last_work_ = std::move(work); }

    // Tells the other gateways (announcements.hpp), if the transaction is committed.
    void announce(std::string_view word);
    // What they have told by the end of the last commit, and the own words with it.
    std::string take_heard() { return std::exchange(heard_, {}); }

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
    // The number of the one that began last, from 1.
    std::uint64_t transaction() const noexcept { return transaction_; }

    // After a failure: the next begin() or reconnect() starts afresh.
    void close() noexcept;
    bool is_open() const noexcept { return session_ != nullptr; }
    void reconnect();

    // A write that changes nothing of meaning, inside a transaction: can this database write?
    void probe();
    // Makes a call on a database server that does not return fail. Nothing can be done about a
    // disk.  [any]
    void interrupt() noexcept;
    // The same to a connection that is not made in time. To be called now and then.  [any]
    void watch() noexcept;
    // Whether the server has had nothing to do for this connection for some seconds, or does not
    // know it any more; asked on another one.
    bool is_idle_for_server(soci::session& other);
    // False while the disk of an SQLite file is so full that the next event may not fit.
    bool has_room() const noexcept;

    StateFailure diagnose(const std::exception& error) const;
    const Location& location() const noexcept { return location_; }

private:
    struct Closed {};
    Database(Location location, Closed closed);
    void connect();
    void connect_sqlite();
    void connect_postgresql();
    void prepare_file() const;
    void check_owner();
    void check_file() const;
    void take_up_work(GatewayKind kind);
    std::optional<GatewayHolder> lock_gateway(GatewayKind kind);
    std::optional<GatewayHolder> lock_file(const std::string& path, GatewayKind kind);
    bool try_advisory_lock(GatewayKind kind);
    void end_predecessor();
    void send_announcements();
    void unlock_given_back();
    void hear();

    Location location_;
    std::optional<FileLock> file_lock_;
    std::optional<GatewayKind> gateway_;  // what this is, if it is one
    PostgresqlConnector connector_;
    UnderWay connecting_;
    std::mutex socket_mutex_;  // guards socket_ and server_process_
    // The connection to a database server, by a name of our own: libpq closes its descriptor when
    // the server ends the session, and then the number is somebody else's.
    base::UniqueFd socket_;
    int server_process_ = 0;   // at its other end
    std::uint64_t inode_ = 0;  // of the SQLite file that was opened first; 0: none yet
    std::uint64_t rollbacks_ = 0;
    std::uint64_t transaction_ = 0;
    std::int64_t probes_ = 0;
    bool shares_ = false;   // is a gateway among others
    Shards held_{};         // of this connection
    Shards giving_back_{};  // when the transaction is committed
    std::function<void(Database&)> last_work_{};
    std::string announced_{};  // likewise
    std::string heard_{};
    std::unique_ptr<soci::session> session_;
    std::unique_ptr<PostgresqlConnection> connection_;  // that session as libpq sees it
    // After the session: destroyed before it. Shared only for the type-erased deleter.
    std::unordered_map<std::type_index, std::shared_ptr<void>> statements_;
};

}  // namespace hermes::durable
