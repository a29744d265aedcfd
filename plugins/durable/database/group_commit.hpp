// One writer for the whole store: writes that arrive together share one transaction, one fsync.
//
// A single thread takes everything that is queued, applies it in order in one transaction, commits,
// and then tells each its outcome. Nobody waits for a timer: an idle store commits at once, and
// while one commit is being synced the next batch gathers.
//
// A batch that fails is rolled back and the connection reopened (after a failed fsync the page
// cache can't be trusted). Then `fail_fast` writes are told the error, and `persistent` ones are
// tried again, each second, until they succeed or the store is stopped. Meanwhile `fail_fast` ones
// are tried as they come, ahead of those that wait. A write that the database refuses for its own
// sake (it fails where another succeeds) is told so alone and takes no other with it.
//
// A commit that does not end (a disk that hangs, a synchronous standby that is missing) counts as
// unavailable after `stuck_after`: from then on `fail_fast` writes are refused at once. The writes
// under way go on; whoever can't wait for them is answered by somebody else.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/event_loop.hpp"
#include "base/guarded.hpp"
#include "durable/database/batch.hpp"
#include "durable/database/state_error.hpp"
#include "durable/database/state_failure.hpp"
#include "durable/database/under_way.hpp"
#include "durable/database/write.hpp"

namespace soci {
class session;
}

namespace hermes::durable {

// How many writes share a transaction at most: bounds the time that a commit takes.
inline constexpr std::size_t batch_max = 4'096;

// Work that can wait until the store is idle: a small piece at a time, in its own transaction.
struct IdleWork {
    std::function<bool(Database&)> piece;  // true: there is more to do
    std::chrono::milliseconds interval{60'000};
};

// What the outside may know of the store's health.
struct StoreHealth {
    bool available = true;
    std::string problem;  // a sentence while not available
    std::string summary;  // the same for anyone who asks: names no path, no host
};

class GroupCommit {
public:
    using HealthHandler = std::function<void(const StoreHealth&)>;
    using HeardHandler = std::function<void(std::string words)>;
    // So many writes were committed together.
    using CommitHandler = std::function<void(std::size_t writes, std::chrono::nanoseconds took)>;

    // Takes over the connection. `on_heard`: what other gateways have told (Database::take_heard),
    // before the outcome of the commit with which it was heard; on the writer thread, may be empty,
    // as is `on_commit`. `on_health` is called at each change, on the writer thread or in watch(),
    // never twice at a time. The loop outlives this.
    GroupCommit(std::unique_ptr<Database> database, base::EventLoop& loop, HealthHandler on_health,
                IdleWork idle = {}, HeardHandler on_heard = {}, CommitHandler on_commit = {});
    ~GroupCommit();  // as stop()
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    // The queue needs no limit of its own: `fail_fast` writes are as many as the HTTP server has
    // connections, `persistent` ones follow from what the inbox has handed over. What is not taken
    // is told so by a task of the loop: StateError::stopped after stop(), and StateError::stuck
    // what is `fail_fast` while a commit does not end.  [any]
    void submit(std::unique_ptr<Write> write);
    StoreHealth health() const;
    // As Store::watch.  [any]
    void watch();
    std::size_t queued() const noexcept { return queued_; }

    // Gives up the connection if a batch waits on it for what the server is not doing: nothing
    // passes any more, and nobody tells. `other` is a connection to the same server.  [any]
    void look_after(soci::session& other);

    // Writes what is queued, once more if it fails; what can't be written then is told so:
    // fail_fast the error, persistent StateError::stopped. A connection on which a commit does not
    // end is given up; one whose commits do is not, however many there are.
    void stop() noexcept;

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using Writes = std::vector<std::unique_ptr<Write>>;

    void run();
    bool wait_for_work();
    Writes take_batch();
    bool commit(Writes batch);
    BatchOutcome write(std::span<const std::unique_ptr<Write>> writes);
    template <typename Apply>
    BatchOutcome write_own(Apply apply);
    void tell(Write& write, boost::system::error_code outcome);
    void try_again();
    bool write_backlog();
    bool probe();
    bool idle_work_due();
    void do_idle_work();
    void finish();

    StoreHealth stuck_health() const;
    StoreHealth known_health() const;
    void set_available();
    void set_unavailable(const StateFailure& failure);
    void publish(const StoreHealth& now);
    void publish_locked(const StoreHealth& now);

    base::EventLoop& loop_;
    std::mutex mutex_;
    std::condition_variable wake_;
    Writes arrivals_;        // under mutex_
    bool stopping_ = false;  // under mutex_
    bool finished_ = false;  // under mutex_: the thread has nothing more to do
    std::condition_variable finished_changed_;
    std::mutex stop_mutex_;  // held while the thread is joined
    std::mutex publish_mutex_;
    std::atomic<bool> hurried_{false};  // stop has waited long enough
    UnderWay under_way_;                // of the batch
    std::atomic<std::size_t> queued_{0};
    base::Guarded<StoreHealth> health_;

    // Of the writer thread.
    std::unique_ptr<Database> database_;
    HealthHandler on_health_;
    HeardHandler on_heard_;
    IdleWork idle_;
    CommitHandler on_commit_;
    SteadyTime idle_due_;
    SteadyTime retry_at_;
    Writes backlog_;  // persistent writes that failed; empty while available
    bool available_ = true;
    StateError last_failure_ = StateError::refused;
    std::thread thread_;  // last: starts when all else is there
};

}  // namespace hermes::durable
