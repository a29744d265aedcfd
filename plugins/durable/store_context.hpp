// What the parts of the store share. Owned by the store, which stops the writer before it lets go.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "durable/event.hpp"
#include "durable/group_commit.hpp"
#include "durable/inbox_rows.hpp"
#include "durable/reader.hpp"
#include "durable/reads.hpp"
#include "durable/route_cache.hpp"
#include "durable/running_time.hpp"

namespace hermes::durable {

struct StoreContext {
    StoreContext(const Location& where, RunningTime running, base::EventLoop& loop)
        : location(where),
          running_time(std::move(running)),
          reader(where),
          handover_reader(where),
          reads(handover_reader, loop) {}

    const Location location;
    base::Clock clock;
    const RunningTime running_time;
    Reader reader;           // any thread's
    Reader handover_reader;  // so that loading a backlog keeps nobody waiting
    Reads reads;             // on that connection
    std::unique_ptr<GroupCommit> writer;
    std::chrono::milliseconds alone_time{0};  // of an event's last attempt
    RouteCache routes;                        // writer thread
    // Of this gateway's start; 0 for a visitor, whose changes are announced in `outside_changes`.
    std::atomic<std::int64_t> run{0};
    std::function<void(const DeadEvent&)> on_dead_event;  // writer thread; may be empty
    // The outbox tells the inbox.  [writer thread]
    std::function<void(std::int64_t seq)> on_settled;

    RowTime now() const { return {base::to_unix_ms(clock()), running_time.now_ms()}; }
    bool visiting() const noexcept { return run == 0; }
};

}  // namespace hermes::durable
