// The durable state of the adapter in one place: opens the database, owns its writer.
//
// It lives on a loop that its owner has made and that outlives it: there it hands events over and
// answers. What waits (stop, the destructor, Inbox::begin) may not be called there.
//
// `connection`: empty for `<platform>.db` in the data directory; a path or `sqlite3://path` for
// another SQLite file; `postgresql://...` for PostgreSQL 15. See docs/durability.md.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "durable/cluster/cluster.hpp"
#include "durable/database/gateway_lock.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/location.hpp"
#include "durable/database/reader.hpp"
#include "durable/database/reads.hpp"
#include "durable/database/row_time.hpp"
#include "durable/facts/facts.hpp"
#include "durable/facts/routes.hpp"
#include "durable/facts/tokens.hpp"
#include "durable/files/files.hpp"
#include "durable/inbox/event.hpp"
#include "durable/inbox/handover.hpp"
#include "durable/inbox/inbox.hpp"
#include "durable/outbox/outbox.hpp"
#include "durable/store/retention.hpp"
#include "durable/store/version_1.hpp"

namespace hermes::durable {

struct StoreOptions {
    std::string platform = default_platform;  // a-z, 0-9 and _: names the file, or the schema
    std::string connection;
    std::string data_directory;
    GatewayKind role = GatewayKind::gateway;
    base::Clock clock = base::system_clock();
    base::SteadyClock steady_clock = base::steady_clock();
    // What could not be written and nobody waits for.
    base::Log log{[](base::Severity, std::string_view) {}};
    Version1 version_1{};  // for the first start after an update from it
    // On the writer thread, or in watch(); may be empty.
    std::function<void(const StoreHealth&)> on_health;
    // An event was set aside: for the log and the metrics. On the writer thread; may be empty.
    std::function<void(const DeadEvent&)> on_dead_event;
    GroupCommit::CommitHandler on_commit;  // for the metrics; may be empty
    std::chrono::milliseconds cleaning_interval{60'000};
    // How long an event on its last attempt has the host for itself, unless it is settled first.
    std::chrono::milliseconds alone_time{10'000};
};

class Store {
public:
    // Creates or migrates the schema. Throws StoreOpenError.
    Store(StoreOptions options, base::EventLoop& loop);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    Inbox& inbox() noexcept { return inbox_; }
    Outbox& outbox() noexcept { return outbox_; }
    Routes& routes() noexcept { return routes_; }
    Tokens& tokens() noexcept { return tokens_; }
    Facts& facts() noexcept { return facts_; }
    Files& files() noexcept { return files_; }
    // A commit that does not end counts as unavailable.  [any]
    StoreHealth health() const { return writer_.health(); }
    // Whether other gateways may be at work on this database.  [any]
    bool shares() const noexcept { return cluster_ != nullptr; }
    // False if this one serves all shards. Otherwise, once, who is told of those that are its own,
    // until the loop stops.  [loop]
    bool serve_shards_with(ShardServant& other);
    // Whether what is believed to be its own may be acted upon now.  [loop]
    bool is_certain() const { return !cluster_ || cluster_->is_certain(); }
    // Those on this database.  [any]
    std::size_t gateways() const noexcept { return cluster_ ? cluster_->gateways() : 1; }
    // To be called about once a second: notices a commit that does not end, and tells on_health of
    // it on the calling thread; gives up a read that does not end, and a connection on which
    // nothing passes any more.  [any]
    void watch();
    const std::string& location() const noexcept {  // without credentials, for people
        return location_.shown;
    }

    // Reads beside everything else: calls `then(base::Result<T>)` on the loop, for the T that
    // `how(Database&)` returns on a thread for reading. Once, and never within this call; after
    // stop() with StateError::stopped.  [any]
    template <typename Read, typename Then>
    void read(Read how, Then then) {
        reads_.read(std::move(how), std::move(then));
    }

    // For a visitor: becomes the gateway of this database until the store is destroyed, if there is
    // none at the moment. Waits for the disk.  [any but the loop]
    bool try_become_gateway();
    // For a visitor that has become the gateway: how many real ones have asked for its place. [any]
    base::Result<std::int64_t> gateways_waiting();
    // Lets that one start; from now on a visitor again.  [any but the loop]
    void resign();

    // Inbox first, then the writer. May be called twice.  [any but the loop]
    void stop() noexcept;

private:
    struct Opened;

    static Opened open(const StoreOptions& options);
    static void enter(Opened& opened);
    Store(Opened opened, StoreOptions&& options, base::EventLoop& loop);
    bool visiting() const noexcept { return run_ == 0; }
    template <typename Apply>
    bool write_now(Apply apply);
    bool clean(Database& writer);
    void health_changed(const StoreHealth& health);

    base::EventLoop& loop_;
    const Location location_;
    const base::Log log_;
    const std::function<void(const StoreHealth&)> on_health_;
    RowClock clock_;
    // Of this gateway's start; 0 for a visitor, whose changes are announced in `outside_changes`.
    std::atomic<std::int64_t> run_;
    std::atomic<std::int64_t> wanted_before_{0};
    Retention retention_;           // of the writer thread
    FactRetention fact_retention_;  // likewise

    Reader reader_;   // whoever waits
    Reader reading_;  // `reads_`, so that a backlog that is loaded keeps nobody waiting
    Reads reads_;
    Handover handover_;
    Inbox inbox_;
    Outbox outbox_;
    Routes routes_;
    Facts facts_;
    Tokens tokens_;
    Files files_;
    const std::unique_ptr<Cluster> cluster_;  // of a gateway on PostgreSQL
    GroupCommit writer_;  // last: its thread uses all of the above, which submit to it
};

}  // namespace hermes::durable
