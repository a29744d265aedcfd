// What the parts of the store share. Owned by the store, which stops the writer before it lets go.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "state/dead_event.hpp"
#include "state/group_commit.hpp"
#include "state/inbox_rows.hpp"
#include "state/reader.hpp"
#include "state/route_cache.hpp"
#include "state/running_time.hpp"
#include "support/clock.hpp"

namespace hermes::wecom {

struct StoreContext {
    StoreContext(const Location& where, RunningTime running)
        : location(where),
          running_time(std::move(running)),
          reader(where),
          handover_reader(where) {}

    const Location location;
    support::Clock clock;
    const RunningTime running_time;
    Reader reader;           // any thread's
    Reader handover_reader;  // so that loading a backlog keeps nobody waiting
    std::unique_ptr<GroupCommit> writer;
    std::chrono::milliseconds alone_time{0};  // of an event's last attempt
    RouteCache routes;                        // writer thread
    // Of this gateway's start; 0 for a visitor, whose changes are announced in `outside_changes`.
    std::atomic<std::int64_t> run{0};
    std::function<void(const DeadEvent&)> on_dead_event;  // writer thread; may be empty
    // The outbox tells the inbox.  [writer thread]
    std::function<void(std::int64_t seq)> on_settled;

    RowTime now() const { return {support::to_unix_ms(clock()), running_time.now_ms()}; }
    bool visiting() const noexcept { return run == 0; }
};

}  // namespace hermes::wecom
