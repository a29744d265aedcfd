// What changes, for pages that ask again and again for what is new: a long poll.
//
//   {"newest": 17, "changes": [change, ...]}
//
// A request names the newest change that it knows of and gets those after it, in order. While there
// is none it is held, for a bounded time; then the list is empty. Who knows of none, or of one that
// is not kept any more, gets the snapshot as the only change. Numbers grow from one run of the
// program to the next, so that this is also what a page of an earlier run gets.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "http/http_server.hpp"
#include "simulator/wecom/scheduler.hpp"

namespace hermes::host::simulator {

struct ChangeFeedOptions {
    std::size_t changes_kept = 2'000;  // whoever is further behind gets the snapshot
    std::size_t requests_held = 64;    // beyond it the one that was held longest is answered
    std::chrono::milliseconds hold_time{25'000};  // browsers wait longer
};

class ChangeFeed {
public:
    // Everything there is, as one change. Called unlocked: what changes meanwhile comes again as a
    // change of its own.  [any]
    using Snapshot = std::function<boost::json::object()>;

    explicit ChangeFeed(Snapshot snapshot, ChangeFeedOptions options = {});
    ~ChangeFeed();  // as stop
    ChangeFeed(const ChangeFeed&) = delete;
    ChangeFeed& operator=(const ChangeFeed&) = delete;

    void add(const boost::json::object& change);  // [any]

    // Answers at once or later; does not block. 0: knows of none.  [any]
    void poll(std::uint64_t after, http::Responder respond);

    // Answers what is held, and from now on every request at once. May be called twice.
    void stop() noexcept;

private:
    struct Held {
        base::SteadyTime until;
        http::Responder respond;
    };

    bool is_kept(std::uint64_t after) const noexcept;      // locked
    std::string changes_after(std::uint64_t after) const;  // locked
    void hold(http::Responder respond);                    // locked
    void expire_later(std::chrono::milliseconds time);     // locked
    void expire();

    const Snapshot snapshot_;
    const ChangeFeedOptions options_;

    std::mutex mutex_;
    std::uint64_t newest_;          // its number
    std::deque<std::string> kept_;  // the newest last
    std::deque<Held> held_;         // all know of the newest; the longest held first
    bool expiring_ = false;         // a task for the first of them is under way
    bool stopped_ = false;
    Scheduler scheduler_;  // last: its thread uses all of the above
};

}  // namespace hermes::host::simulator
