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

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/move_only_function.hpp"
#include "durable/state_error.hpp"
#include "durable/state_failure.hpp"

namespace soci {
class session;
}

namespace hermes::durable {

class Database;

enum class Persistence {
    fail_fast,   // the caller has someone who will try again (WeCom)
    persistent,  // nobody else has it: keep it in memory until it can be written
};

struct Write {
    // Runs on the writer thread inside the transaction; possibly again after a failed commit, so it
    // must have no effect but on the session and on what it captured for `done`. Throws what SOCI
    // throws.
    base::MoveOnlyFunction<void(Database&)> apply;
    // Runs on the writer thread after the commit, or after the failure, in the order of submission.
    // Must return soon. Never runs inside submit.
    base::MoveOnlyFunction<void(boost::system::error_code)> done;
    Persistence persistence = Persistence::persistent;
};

// How many writes share a transaction at most: bounds the time that a commit takes.
inline constexpr std::size_t batch_max = 4'096;
// A persistent write that the database refuses for its own sake is tried this often, then told.
inline constexpr int refusals_max = 3;

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

    // Takes over the connection. `on_health` is called at each change, on the writer thread or in
    // watch(), never twice at a time.
    GroupCommit(std::unique_ptr<Database> database, HealthHandler on_health, IdleWork idle = {});
    ~GroupCommit();  // as stop()
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    // The queue needs no limit of its own: `fail_fast` writes are as many as the HTTP server has
    // connections, `persistent` ones follow from what the inbox has handed over. After stop()
    // `done` is told StateError::stopped inside submit: there is no thread left to do it; likewise
    // `fail_fast` StateError::stuck while a commit does not end.  [any]
    void submit(Write write);
    StoreHealth health() const;
    // As Store::watch.  [any]
    void watch();
    std::size_t queued() const noexcept;

    // Writes what is queued, once more if it fails; what can't be written then is told so:
    // fail_fast the error, persistent StateError::stopped. A connection on which a commit does not
    // end is given up.
    void stop() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::durable
