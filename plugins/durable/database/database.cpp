#include "durable/database/database.hpp"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "durable/database/meta.hpp"
#include "durable/database/schema.hpp"
#include "durable/database/soci_library.hpp"

namespace hermes::durable {
namespace {

// How long a write waits for another program's transaction. Two of them, one running and one
// queued, stay well below the 5 s after which WeCom gives up on a callback.
constexpr int busy_timeout_ms = 1'000;
constexpr int abandoned_after_ms = 5'000;
// Several servers may be tried one after the other, 3 s each (location.cpp).
constexpr std::chrono::seconds connect_patience{10};
// The commit that fills the write-ahead log carries it over into the database and syncs that, while
// those who are to be acknowledged wait. SQLite's own 1000 pages (4 MB) take tens of milliseconds,
// and a file of 20 MB fills them five times. A tenth of that takes a tenth of the time, and its
// syncs are few beside the one that every commit makes.
constexpr int log_pages_max = 100;
// After a burst the write-ahead log is cut to this.
constexpr long journal_bytes_max = 64L * 1024 * 1024;
// Below this much free disk a successful probe proves little: an event has up to a megabyte.
constexpr std::uint64_t room_bytes_min = 2ULL * 1024 * 1024;

std::uint64_t inode_of(const std::string& path) noexcept {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

// More than a standby that is promoted has ever to catch up with.
constexpr int skipped_numbers = 10'000;

constexpr const char* is_a_standby =
    "it is a standby, which takes no writes: name the primary, or both, separated by a comma";

// SOCI's sentence is the first line, the reason is on the next.
std::string words_of_libpq(const std::string& text) {
    const auto line = text.find('\n');
    auto words = line == std::string::npos ? text : text.substr(line + 1);
    return words.substr(0, words.find('\n'));
}

void refuse_standby(soci::session& sql) {
    int is_standby = 0;
    sql << "select cast(pg_is_in_recovery() as integer)", soci::into(is_standby);
    if (is_standby != 0) {
        throw StateException(StateError::io, is_a_standby);
    }
}

// A standby that is promoted may lack the latest rows, and would give their numbers out again: to
// messages that this gateway would take for those it is at work on. Waits for no standby: after the
// next fail-over numbers are skipped again.
void skip_numbers(soci::session& sql) {
    sql << "set synchronous_commit = local";
    for (const auto* sequence : {"inbox_seq_seq", "outbox_seq_seq"}) {
        sql << "select count(nextval('" << sequence << "')) from generate_series(1, "
            << skipped_numbers << ')';
    }
    sql << "set synchronous_commit = on";
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

Database::Database(Location location, Closed) : location_(std::move(location)) {}

Database Database::closed(Location location) {
    return {std::move(location), Closed()};
}

Database::~Database() {
    close();
}

void Database::close() noexcept {
    interrupt();  // SOCI says farewell for each statement, and would wait for the answers
    {
        const std::lock_guard lock(socket_mutex_);
        socket_.reset();
        server_process_ = 0;
    }
    statements_.clear();
    connection_.reset();
    session_.reset();
    held_ = {};  // with the session
    giving_back_ = {};
}

void Database::reconnect() {
    close();
    connect();
}

// All of it or nothing: a session that hears nothing, or has no lock, must not be written through.
void Database::connect() {
    const UnderWay::Call call(connecting_);
    try {
        if (location_.dialect == Dialect::sqlite) {
            connect_sqlite();
        } else {
            connect_postgresql();
        }
        if (gateway_) {
            take_up_work(*gateway_);
        }
    } catch (const StoreOpenError&) {
        close();
        throw;
    } catch (const std::exception& error) {
        const auto failure = diagnose(error);
        close();
        throw StateException(of_the_database(failure.error), failure.detail);
    }
}

void Database::take_up_work(GatewayKind kind) {
    if (const auto holder = lock_gateway(kind)) {
        if (kind == GatewayKind::gateway && holder->kind == GatewayKind::visitor) {
            ask_visitor_to_leave(*this);  // it came while no gateway was connected
        }
        throw StateException(StateError::locked,
                             "another gateway, " + holder->who + ", has taken over");
    }
    if (location_.dialect == Dialect::postgresql) {
        skip_numbers(*session_);
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
    sql << "pragma wal_autocheckpoint = " << log_pages_max;
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
        session_ = connector_.connect(location_.connect, connect_patience);
    } catch (const soci::soci_error& error) {
        if (error.get_error_message().find("shared library") != std::string::npos) {
            throw StoreOpenError(
                "`state` names a PostgreSQL database, for which the package "
                "libsoci-postgresql4.0 is missing: install it "
                "(apt-get install libsoci-postgresql4.0)");
        }
        if (!understood_by_libpq(location_.connect)) {
            throw StoreOpenError(no_database_address);
        }
        const auto words = words_of_libpq(error.get_error_message());
        if (words.ends_with("server is in hot standby mode")) {
            throw StateException(StateError::io, is_a_standby);
        }
        throw StateException(StateError::unreachable, words);
    }
    connection_ = std::make_unique<PostgresqlConnection>(*session_);
    {
        const std::lock_guard lock(socket_mutex_);
        socket_ = base::UniqueFd(::fcntl(connection_->socket(), F_DUPFD_CLOEXEC, 0));
        server_process_ = connection_->server_process();
    }
    auto& sql = *session_;
    refuse_standby(sql);
    sql << "set client_min_messages = error";  // libpq prints them
    sql << "set synchronous_commit = on";
    sql << "set lock_timeout = " << busy_timeout_ms;
    // The server's side of the connection: without these it notices only after hours that nobody is
    // there any more, and keeps the lock of the gateway so long.
    sql << "set tcp_keepalives_idle = 30";
    sql << "set tcp_keepalives_interval = 10";
    sql << "set tcp_keepalives_count = 3";
    sql << "set tcp_user_timeout = 30000";
    // A process that is stopped in the middle of a transaction keeps nobody from the rows that it
    // has locked.
    sql << "set idle_in_transaction_session_timeout = " << abandoned_after_ms;
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

void Database::begin() {
    ++transaction_;
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
    if (const auto work = std::exchange(last_work_, nullptr)) {
        work(*this);
    }
    send_announcements();
    *session_ << "commit";
    if (!giving_back_.empty()) {
        unlock_given_back();
    }
    if (shares_) {
        hear();
    }
}

void Database::rollback() noexcept {
    ++rollbacks_;
    giving_back_ = {};
    announced_.clear();
    last_work_ = nullptr;
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
    connector_.give_up();
    const std::lock_guard lock(socket_mutex_);
    if (socket_) {
        ::shutdown(socket_.get(), SHUT_RDWR);
    }
}

void Database::watch() noexcept {
    if (connecting_.time() > connect_patience) {
        interrupt();
    }
}

bool Database::is_idle_for_server(soci::session& other) {
    int process = 0;
    {
        const std::lock_guard lock(socket_mutex_);
        process = server_process_;
    }
    if (process == 0) {
        return false;
    }
    int busy = 0;
    other << "select count(*) from pg_stat_activity where pid = :pid and"
             " (state not like 'idle%' or state_change > clock_timestamp() - interval '3 s')",
        soci::use(process), soci::into(busy);
    return busy == 0;
}

bool Database::has_room() const noexcept {
    struct statvfs disk {};
    return location_.dialect != Dialect::sqlite || ::statvfs(location_.path.c_str(), &disk) != 0 ||
           disk.f_bavail * disk.f_frsize >= room_bytes_min;
}

}  // namespace hermes::durable
