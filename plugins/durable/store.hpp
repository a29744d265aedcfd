// The durable state of the adapter in one place: opens the database, owns its writer.
//
// It lives on a loop that its owner has made and that outlives it: there it hands events over and
// answers. What waits (stop, the destructor, Inbox::begin) may not be called there.
//
// `connection`: empty for `<platform>.db` in the data directory; a path or `sqlite3://path` for
// another SQLite file; `postgresql://...` for PostgreSQL 15. See docs/durability.md.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "durable/event.hpp"
#include "durable/group_commit.hpp"
#include "durable/inbox.hpp"
#include "durable/location.hpp"
#include "durable/outbox.hpp"
#include "durable/reads.hpp"
#include "durable/routes.hpp"
#include "durable/tokens.hpp"
#include "durable/version_1.hpp"

namespace hermes::durable {

enum class StoreRole {
    gateway,  // the only one of its kind on this database: a second is refused
    visitor,  // a command-line tool beside it, or without it
};

struct StoreOptions {
    std::string platform = default_platform;  // a-z, 0-9 and _: names the file, or the schema
    std::string connection;
    std::string data_directory;
    StoreRole role = StoreRole::gateway;
    base::Clock clock = base::system_clock();
    base::SteadyClock steady_clock = base::steady_clock();
    Version1 version_1{};  // for the first start after an update from it
    // On the writer thread, or in watch(); may be empty.
    std::function<void(const StoreHealth&)> on_health;
    // An event was set aside: for the log and the metrics. On the writer thread; may be empty.
    std::function<void(const DeadEvent&)> on_dead_event;
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

    Inbox& inbox() noexcept;
    Outbox& outbox() noexcept;
    Routes& routes() noexcept;
    Tokens& tokens() noexcept;
    // A commit that does not end counts as unavailable.  [any]
    StoreHealth health() const;
    // To be called about once a second: notices a commit that does not end, and tells on_health of
    // it on the calling thread; gives up a read that does not end.  [any]
    void watch();
    const std::string& location() const noexcept;  // without credentials, for people

    // Reads beside everything else: calls `then(base::Result<T>)` on the loop, for the T that
    // `how(Database&)` returns on a thread for reading. Once, and never within this call; after
    // stop() with StateError::stopped.  [any]
    template <typename Read, typename Then>
    void read(Read how, Then then) {
        reads().read(std::move(how), std::move(then));
    }

    // For a visitor: becomes the gateway of this database until the store is destroyed, if there is
    // none at the moment.
    bool try_become_gateway();
    // For a visitor that has become the gateway: whether a real one waits to start.  [any]
    bool gateway_wanted();
    // Lets that one start; from now on a visitor again.  [any]
    void resign();

    // Inbox first, then the writer. May be called twice.
    void stop() noexcept;

private:
    Reads& reads() noexcept;

    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::durable
