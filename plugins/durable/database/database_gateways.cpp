// Database: its place among the gateways of the database, held by locks.
#include <soci/soci.h>

#include <utility>

#include "base/fnv1a.hpp"
#include "base/host_name.hpp"
#include "durable/database/announcements.hpp"
#include "durable/database/database.hpp"
#include "durable/database/soci_library.hpp"
#include "durable/database/statement.hpp"

namespace hermes::durable {
namespace {

// How often the lock of a gateway is tried while it comes and goes.
constexpr int lock_looks = 3;
constexpr const char* visitor_name = "hermes visitor";
// PostgreSQL: the first keys of the advisory locks that a gateway holds: with other gateways, and
// of a shard.
constexpr int gateway_lock_class = 1'213'674'306;
constexpr int shard_lock_class = 1'213'674'308;
// NOTIFY takes less than 8000 bytes.
constexpr std::size_t announcement_bytes_max = 7'000;

std::string lock_row(int lock_class) {
    return "l.locktype = 'advisory' and l.granted and l.classid = " + std::to_string(lock_class) +
           " and l.database = (select oid from pg_database where datname = current_database())";
}

std::string gateway_lock_row(const Location& location) {
    return lock_row(gateway_lock_class) + " and l.objid = " + std::to_string(location.lock_id());
}

// The second key of a shard's lock is this and the shard.
std::string first_shard_key(const Location& location) {
    return std::to_string(location.lock_id() / shard_count * shard_count);
}

}  // namespace

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
    shares_ = false;
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
    *session_ << "select count(*) from pg_locks l where " << gateway_lock_row(location_),
        soci::into(held);
    return held > 0;
}

bool Database::has_company() {
    int others = 0;
    if (location_.dialect == Dialect::postgresql) {
        *session_ << "select count(*) from pg_locks l where l.pid <> pg_backend_pid() and "
                  << gateway_lock_row(location_),
            soci::into(others);
    }
    return others > 0;
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

// Gateways share it with each other, and a visitor with nobody.
bool Database::try_advisory_lock(GatewayKind kind) {
    int taken = 0;
    *session_ << "select pg_try_advisory_lock" << (kind == GatewayKind::gateway ? "_shared" : "")
              << '(' << gateway_lock_class << ", " << location_.lock_id() << ")::int",
        soci::into(taken);
    return taken != 0;
}

std::string Database::gateway_identity() const {
    if (!file_lock_) {
        return {};
    }
    const auto words = base::host_name() + '\n' + location_.data_directory + '\n' +
                       std::to_string(file_lock_->file_number());
    return "hermes gateway " + std::to_string(base::fnv1a<std::uint64_t>(words));
}

// A session of this gateway that is not this one was left on the server, by a process that is gone
// or by a connection that nobody closed, with the locks that it holds.
void Database::end_predecessor() {
    const auto identity = gateway_identity();
    if (identity.empty()) {
        return;
    }
    // Waits, on the server, until that session is gone.
    *session_ << "select count(pg_terminate_backend(pid, 1000)) from pg_stat_activity"
                 " where application_name = :name and pid <> pg_backend_pid()"
                 " and datname = current_database()",
        soci::use(identity);
    *session_ << "set application_name = '" + identity + "'";
}

// SQLite: a lock file, kept whatever becomes of the connection. PostgreSQL: a lock of the session,
// lost with it; and a lock file in the data directory, which tells that no other process is the
// gateway of that directory.
std::optional<GatewayHolder> Database::lock_gateway(GatewayKind kind) {
    if (location_.dialect == Dialect::sqlite) {
        return lock_file(location_.path + ".lock", kind);
    }
    if (kind == GatewayKind::visitor) {
        *session_ << "set application_name = '" << visitor_name << "'";
    } else if (!location_.data_directory.empty()) {
        if (auto holder =
                lock_file(location_.data_directory + '/' + location_.platform + ".lock", kind)) {
            return holder;
        }
        end_predecessor();
    }
    for (int look = 0; !try_advisory_lock(kind); ++look) {
        int pid = 0;
        std::string who = "on another connection", holder_name;
        *session_ << "select a.pid, 'server process ' || a.pid ||"
                     " coalesce(' for ' || host(a.client_addr), ''),"
                     " coalesce(a.application_name, '') from pg_stat_activity a"
                     " join pg_locks l on l.pid = a.pid where "
                  << gateway_lock_row(location_) << " limit 1",
            soci::into(pid), soci::into(who), soci::into(holder_name);
        if (pid != 0 || look == lock_looks) {
            return GatewayHolder{
                who, holder_name == visitor_name ? GatewayKind::visitor : GatewayKind::gateway};
        }  // else it has let go in between
    }
    shares_ = kind == GatewayKind::gateway;
    if (shares_) {
        *session_ << "listen " << location_.channel();
        heard_ = anything_word;  // until now it was deaf
    }
    return std::nullopt;
}

Shards Database::try_hold(Shards shards) {
    const auto wanted = shards.bits();
    int shard = 0, taken = 0;
    Shards got;
    soci::statement lock =
        (session_->prepare << "select shard, pg_try_advisory_lock(" << shard_lock_class << ", "
                           << first_shard_key(location_) << " + shard)::int from shards where "
                           << in_shards(":wanted"),
         soci::use(wanted), soci::into(shard), soci::into(taken));
    for_each_row(lock, [&] {
        if (taken != 0) {
            got |= Shards::one(shard);
        }
    });
    held_ |= got;
    giving_back_ -= got;
    return got;
}

Shards Database::held_by_any() {
    int shard = 0;
    Shards held;
    soci::statement look =
        (session_->prepare << "select (l.objid::bigint - " << first_shard_key(location_)
                           << ")::int from pg_locks l where " << lock_row(shard_lock_class)
                           << " and l.objid::bigint between " << first_shard_key(location_)
                           << " and " << first_shard_key(location_) << " + " << shard_count - 1,
         soci::into(shard));
    for_each_row(look, [&] { held |= Shards::one(shard); });
    return held;
}

void Database::announce(std::string_view word) {
    announced_.append(announced_.empty() ? "" : " ").append(word);
}

void Database::hear() {
    if (const auto words = connection_->take_notifications(); !words.empty()) {
        heard_.append(heard_.empty() ? "" : " ").append(words);
    }
}

void Database::send_announcements() {
    while (!announced_.empty()) {
        auto end = announced_.size();
        if (end > announcement_bytes_max) {
            end = announced_.rfind(' ', announcement_bytes_max);
        }
        const auto words = announced_.substr(0, end);
        announced_.erase(0, end + 1);
        *session_ << "select pg_notify('" << location_.channel() << "', :words)", soci::use(words);
    }
}

void Database::unlock_given_back() {
    const auto shards = giving_back_.bits();
    *session_ << "select count(pg_advisory_unlock(" << shard_lock_class << ", "
              << first_shard_key(location_) << " + shard)) from shards where "
              << in_shards(":shards"),
        soci::use(shards);
    held_ -= std::exchange(giving_back_, {});
}

}  // namespace hermes::durable
