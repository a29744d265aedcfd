// This gateway among others on one PostgreSQL: which shards are its own, and what the others have
// stored for it.
//
//   beat      each second, through the writer's connection: says that it is at work, sees who else
//             is, claims what is free and gives back what is over its share (shard_plan.hpp)
//   fence     the locks of the shards are that connection's: when it ends, by whomever, they are
//             anybody's, and what only their owner may write is refused (hold_shard)
//   silence   who has not been heard of for `ended_after` has its connection ended by another
//
// It lives on the store's loop.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "durable/cluster/cluster_bell.hpp"
#include "durable/cluster/shard_plan.hpp"
#include "durable/database/announcements.hpp"
#include "durable/database/row_time.hpp"

namespace hermes::durable {

class Database;
class GroupCommit;

// For how long something is sent on the word of the last beat, counted from its beginning: a
// gateway that has lost its session, and does not know of it yet, ceases before another one serves
// its shards.
inline constexpr auto beat_is_valid = silent_after;

// Who works for the shards of this gateway.  [loop]
class ShardServant {
public:
    // They are this gateway's from now on: what is stored of them is looked up.
    virtual void take(Shards shards) = 0;
    // They are not any more, and whatever is known of them is forgotten.
    virtual void leave(Shards shards) = 0;
    // Those of which something is under way that is to come to its end here.
    virtual Shards busy() const = 0;
    // Of these, and of no others, nothing new is to be begun: they are about to go. go_on()
    // follows.
    virtual void hold_back(Shards /*shards*/) {}
    // Another gateway has stored something, of shards that may be this one's.
    virtual void look_at(const Stored& stored) = 0;
    // A beat was written: what is believed is certain again, and others may have come or gone.
    virtual void go_on() {}

protected:
    ~ShardServant() = default;
};

class Cluster {
public:
    // All outlive this. `own`: what this gateway has claimed by now.
    Cluster(base::EventLoop& loop, GroupCommit& writer, RowClock& clock, const Location& location,
            const std::atomic<std::int64_t>& run, base::Log log, Shards own);
    ~Cluster() = default;
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    void start();                          // [any]
    void serve_with(ShardServant& other);  // which takes what is its own now  [loop]
    // The connection was made anew: not only at the next beat.  [any]
    void beat_soon();
    // The writer has heard what others tell.  [any]
    void heard(std::string words);
    // As Store::watch.  [any]
    void watch() noexcept { bell_.watch(); }
    // Of a stop: no beat follows.  [not the loop]
    void stop() noexcept;

    // Whether it may be taken for certain that its shards are its own.  [loop]
    bool is_certain() const { return is_heard_ && loop_.now() - heard_at_ < beat_is_valid; }
    // Those that are at work.  [any]
    std::size_t gateways() const noexcept { return gateways_; }

private:
    struct Seen;  // what a beat has found

    static Seen look_and_claim(Database& database, std::int64_t run, std::int64_t running_ms,
                               Shards idle, bool was_drained);
    void rung(const std::string& words);
    void listen();
    void beat();
    void seen(std::optional<Seen> seen, base::SteadyTime next);
    void change(Shards lost, Shards gained);
    void give_back(Shards shards);
    Shards busy() const;

    base::EventLoop& loop_;
    GroupCommit& writer_;
    RowClock& clock_;
    const std::atomic<std::int64_t>& run_;
    const base::Log log_;
    std::atomic<std::size_t> gateways_{1};

    // Of the loop.
    std::vector<ShardServant*> servants_;
    Shards own_;
    base::SteadyTime heard_at_;  // when the last beat that was written was made
    base::EventLoop::TimerId timer_{};
    bool is_heard_ = true;     // it was written: a session that is gone leaves its shards to others
    bool is_drained_ = false;  // as it was seen last: others may have taken it for dead since
    bool is_beating_ = false;
    bool is_stopping_ = false;
    bool is_listening_ = false;
    bool listens_again_ = false;

    ClusterBell bell_;  // last: its thread posts to the loop
};

// What a gateway does before it serves: enters itself, and claims what nobody has.
Shards enter_cluster(Database& database, std::int64_t run);

}  // namespace hermes::durable
