// One writer for the whole store: writes that arrive together share one transaction, one fsync.
//
// A single thread takes everything that is queued, applies it in order in one transaction, commits,
// and then tells each its outcome. Nobody waits for a timer: an idle store commits at once, and
// while one commit is being synced the next batch gathers.
//
// A batch that fails is rolled back and the connection reopened (after a failed fsync the page
// cache can't be trusted). Then `fail_fast` writes are told the error, and `persistent` ones are
// tried again, each second, until they succeed or the store is stopped.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "state/state_error.hpp"

namespace soci {
class session;
}

namespace hermes::wecom {

class Database;

enum class Persistence {
    fail_fast,   // the caller has someone who will try again (WeCom)
    persistent,  // nobody else has it: keep it in memory until it can be written
};

struct Write {
    // Runs on the writer thread inside the transaction; possibly again after a failed commit, so it
    // must have no effect but on the session and on what it captured for `done`. Throws what SOCI
    // throws.
    std::function<void(Database&)> apply;
    // Runs on the writer thread after the commit, or after the failure, in the order of submission.
    // Must return soon. Never runs inside submit.
    std::function<void(boost::system::error_code)> done;
    Persistence persistence = Persistence::persistent;
};

// What the outside may know of the store's health.
struct StoreHealth {
    bool available = true;
    std::string problem;  // a sentence while not available
};

class GroupCommit {
public:
    using HealthHandler = std::function<void(const StoreHealth&)>;

    // Takes over the connection. `on_health` is called on the writer thread at each change.
    GroupCommit(std::unique_ptr<Database> database, HealthHandler on_health);
    ~GroupCommit();  // as stop()
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    void submit(Write write);  // [any]
    StoreHealth health() const;
    std::size_t queued() const noexcept;

    // Writes what is queued, once more if it fails; what can't be written is told StateError::stopped.
    void stop() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::wecom
