#include "durable/database.hpp"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "durable/meta.hpp"
#include "durable/schema.hpp"
#include "durable/soci_library.hpp"

namespace hermes::durable {
namespace {

// How long a write waits for another program's transaction. Two of them, one running and one
// queued, stay well below the 5 s after which WeCom gives up on a callback.
constexpr int busy_timeout_ms = 1'000;
// After a burst the write-ahead log is cut to this.
constexpr long journal_bytes_max = 64L * 1024 * 1024;
// Below this much free disk a successful probe proves little: an event has up to a megabyte.
constexpr std::uint64_t room_bytes_min = 2ULL * 1024 * 1024;
// How often a session of our own that is left on the server is told to end.
constexpr int own_session_looks = 3;
// PostgreSQL: the first key of the advisory lock that a gateway holds.
constexpr int gateway_lock_class = 1'213'674'306;

std::string gateway_lock_row(const Location& location) {
    return "l.locktype = 'advisory' and l.classid = " + std::to_string(gateway_lock_class) +
           " and l.objid = " + std::to_string(location.lock_id()) +
           " and l.database = (select oid from pg_database where datname = current_database())";
}

std::uint64_t inode_of(const std::string& path) noexcept {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

// SOCI's sentence is the first line, the reason is on the next.
std::string words_of_libpq(const std::string& text) {
    const auto line = text.find('\n');
    auto words = line == std::string::npos ? text : text.substr(line + 1);
    return words.substr(0, words.find('\n'));
}

}  // namespace

Database::Database(Location location) : location_(std::move(location)) {
    try {
        connect();
    } catch (const StoreOpenError&) {
        throw;
    } catch (const std::exception& error) {
        throw StoreOpenError(explain_open_failure(location_, diagnose(error)));
    }
}

Database::~Database() {
    close();
}

void Database::close() noexcept {
    interrupt();  // SOCI says farewell for each statement, and would wait for the answers
    {
        const std::lock_guard lock(socket_mutex_);
        socket_ = -1;
    }
    statements_.clear();
    session_.reset();
}

void Database::reconnect() {
    close();
    connect();
}

void Database::connect() {
    if (location_.dialect == Dialect::sqlite) {
        connect_sqlite();
    } else {
        connect_postgresql();
    }
    if (gateway_) {
        if (const auto holder = lock_gateway(*gateway_)) {
            close();
            throw StateException(StateError::locked,
                                 "another gateway, " + holder->who + ", has taken over");
        }
    }
}

// Makes the file if there is none.
void Database::prepare_file() const {
    const auto& path = location_.path;
    const auto fail = [this](const std::string& what, int error) {
        throw StoreOpenError(explain_file_failure(location_, what, error));
    };
    // Only if there is none: closing a descriptor of an SQLite file drops the locks that this
    // process holds on it through other connections (sqlite.org/howtocorrupt.html, 2.2).
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
    } else if (errno != EEXIST) {
        fail("created", errno);
    } else if (const auto directory = std::filesystem::path(path).parent_path();
               ::access(path.c_str(), W_OK) != 0 || ::access(directory.c_str(), W_OK) != 0) {
        fail("written", errno);
    }
}

void Database::connect_sqlite() {
    if (inode_ == 0) {
        prepare_file();
    } else {
        check_file();  // never make a new one in its place while the gateway runs
    }
    session_ = std::make_unique<soci::session>(soci::sqlite3, "dbname=\"" + location_.path + '"');
    const auto* backend =
        static_cast<const soci::sqlite3_session_backend*>(session_->get_backend());
    sqlite_api::sqlite3_extended_result_codes(backend->conn_, 1);
    sqlite_api::sqlite3_busy_timeout(backend->conn_, busy_timeout_ms);
    auto& sql = *session_;
    check_owner();
    std::string mode;
    sql << "pragma journal_mode", soci::into(mode);
    if (mode != "wal") {
        sql << "pragma journal_mode = wal", soci::into(mode);
        if (mode != "wal") {
            throw StateException(StateError::io,
                                 "its file system does not support write-ahead logging; put it on "
                                 "a local disk");
        }
    }
    sql << "pragma synchronous = full";
    sql << "pragma journal_size_limit = " << journal_bytes_max;
    if (inode_ == 0) {
        inode_ = inode_of(location_.path);
    }
}

void Database::check_owner() {
    int tables = 0;
    *session_ << "select count(*) from sqlite_master", soci::into(tables);
    int id = 0;
    *session_ << "pragma application_id", soci::into(id);
    if (tables > 0 && id != application_id) {
        throw StoreOpenError("the file " + location_.path +
                             " belongs to another program: name another one in `state`");
    }
}

void Database::connect_postgresql() {
    keep_soci_loaded();
    try {
        session_ = std::make_unique<soci::session>("postgresql", location_.connect);
    } catch (const soci::soci_error& error) {
        if (error.get_error_message().find("shared library") != std::string::npos) {
            throw StoreOpenError(
                "`state` names a PostgreSQL database, for which the package "
                "libsoci-postgresql4.0 is missing: install it "
                "(apt-get install libsoci-postgresql4.0)");
        }
        throw StateException(StateError::unreachable, words_of_libpq(error.get_error_message()));
    }
    {
        const std::lock_guard lock(socket_mutex_);
        socket_ = postgresql_socket(*session_);
    }
    auto& sql = *session_;
    sql << "set client_min_messages = error";  // libpq prints them
    sql << "set synchronous_commit = on";
    sql << "set lock_timeout = " << busy_timeout_ms;
    // The server's side of the connection: without these it notices only after hours that nobody is
    // there any more, and keeps the lock of the gateway so long.
    sql << "set tcp_keepalives_idle = 30";
    sql << "set tcp_keepalives_interval = 10";
    sql << "set tcp_keepalives_count = 3";
    sql << "set tcp_user_timeout = 30000";
    // Our tables have plain names, hence a schema of their own (schema.cpp makes it).
    sql << "set search_path = " << location_.platform;
}

void Database::check_file() const {
    if (inode_ != 0 && inode_of(location_.path) != inode_) {
        throw StateException(
            StateError::io,
            "it was removed or replaced while the gateway runs (put it back, or restart)");
    }
}

void Database::migrate() {
    try {
        migrate_schema(*this);
    } catch (const StoreOpenError&) {
        rollback();
        throw;
    } catch (const std::exception& error) {
        const auto failure = diagnose(error);
        rollback();
        throw StoreOpenError(explain_open_failure(location_, failure));
    }
}

void Database::require_current_schema() {
    try {
        require_schema(*this);
    } catch (const StoreOpenError&) {
        throw;
    } catch (const std::exception& error) {
        throw StoreOpenError(explain_open_failure(location_, diagnose(error)));
    }
}

std::optional<GatewayHolder> Database::become_gateway(GatewayKind kind) {
    if (gateway_) {
        return std::nullopt;
    }
    auto holder = lock_gateway(kind);
    if (!holder) {
        gateway_ = kind;
    }
    return holder;
}

// Closing alone is not enough: a server notices the end of a connection some time after it, and
// until then would refuse the next start.
void Database::resign() noexcept {
    if (!std::exchange(gateway_, std::nullopt)) {
        return;
    }
    file_lock_.reset();
    if (!session_ || location_.dialect != Dialect::postgresql) {
        return;
    }
    try {
        *session_ << "select pg_advisory_unlock_all()";
    } catch (const std::exception&) {
        // The lock goes with the session.
    }
}

bool Database::gateway_runs() {
    if (location_.dialect == Dialect::sqlite) {
        return FileLock::is_held(location_.path + ".lock");
    }
    int held = 0;
    *session_ << "select count(*) from pg_locks l where l.granted and "
              << gateway_lock_row(location_),
        soci::into(held);
    return held > 0;
}

std::optional<GatewayHolder> Database::lock_file(const std::string& path, GatewayKind kind) {
    GatewayHolder holder;
    if (!file_lock_) {
        auto lock = FileLock::try_take(path, kind, holder);
        if (!lock) {
            return holder;
        }
        file_lock_.emplace(std::move(*lock));
    }
    return std::nullopt;
}

bool Database::try_advisory_lock() {
    int taken = 0;
    *session_ << "select pg_try_advisory_lock(" << gateway_lock_class << ", " << location_.lock_id()
              << ")::int",
        soci::into(taken);
    return taken != 0;
}

// The same for every process that has run on that data directory of this machine, of which there is
// one at a time (lock_gateway): a session of that name that is not this one was left by a dead one.
std::string Database::application_name(GatewayKind kind) const {
    if (kind == GatewayKind::visitor) {
        return "hermes visitor";
    }
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    const auto id = std::hash<std::string>()(std::string(host) + '\n' + location_.data_directory);
    return "hermes gateway " + std::to_string(id);
}

// SQLite: a lock file, kept whatever becomes of the connection. PostgreSQL: a lock of the session,
// lost with it, so a gateway that was cut off can't write after another took its place; and a lock
// file in the data directory, which tells whether a session that holds that lock is our own, left
// on the server by a connection that nobody closed.
std::optional<GatewayHolder> Database::lock_gateway(GatewayKind kind) {
    if (location_.dialect == Dialect::sqlite) {
        return lock_file(location_.path + ".lock", kind);
    }
    if (kind == GatewayKind::gateway && !location_.data_directory.empty()) {
        if (auto holder =
                lock_file(location_.data_directory + '/' + location_.platform + ".lock", kind)) {
            return holder;
        }
    }
    const auto name = application_name(kind);
    *session_ << "set application_name = '" + name + "'";  // before it can hold the lock
    for (int look = 0; !try_advisory_lock(); ++look) {
        int pid = 0;
        std::string who = "on another connection", holder_name;
        *session_ << "select a.pid, 'server process ' || a.pid ||"
                     " coalesce(' for ' || host(a.client_addr), ''),"
                     " coalesce(a.application_name, '') from pg_stat_activity a"
                     " join pg_locks l on l.pid = a.pid where l.granted and "
                  << gateway_lock_row(location_) << " limit 1",
            soci::into(pid), soci::into(who), soci::into(holder_name);
        if (pid == 0 && look < own_session_looks) {
            continue;  // it has let go in between
        }
        const bool own = file_lock_ && holder_name == name;
        if (!own || look >= own_session_looks) {
            return GatewayHolder{who, holder_name == application_name(GatewayKind::visitor)
                                          ? GatewayKind::visitor
                                          : GatewayKind::gateway};
        }
        // Waits, on the server, until that session is gone.
        *session_ << "select pg_terminate_backend(" << pid << ", 1000)";
    }
    return std::nullopt;
}

void Database::begin() {
    if (!session_) {
        connect();
    }
    if (location_.dialect == Dialect::sqlite) {
        check_file();
        *session_ << "begin immediate";  // waits for other writers here, not in the middle
    } else {
        *session_ << "begin";
    }
}

void Database::commit() {
    *session_ << "commit";
}

void Database::rollback() noexcept {
    ++rollbacks_;
    if (session_) {
        try {
            *session_ << "rollback";
        } catch (const std::exception&) {  // SQLite has often rolled back by itself
        }
    }
}

void Database::probe() {
    write_probe(*this, ++probes_);
}

void Database::interrupt() noexcept {
    const std::lock_guard lock(socket_mutex_);
    if (socket_ >= 0) {
        ::shutdown(socket_, SHUT_RDWR);
    }
}

bool Database::has_room() const noexcept {
    struct statvfs disk {};
    return location_.dialect != Dialect::sqlite || ::statvfs(location_.path.c_str(), &disk) != 0 ||
           disk.f_bavail * disk.f_frsize >= room_bytes_min;
}

}  // namespace hermes::durable
