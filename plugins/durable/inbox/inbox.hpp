// What members wrote and the host has not finished with.
//
//   accept      event stored with its duplicate key, one commit       -> pending
//   make ready  what has files waits for them, and its lane for it
//   hand over   to the host, per lane in order, inside a window       -> in flight
//   begin       the host's agent begins: one attempt is charged
//   settle      by the host, or by the commit that stores its reply   -> settled (text removed)
//   restart     in flight becomes pending again                       -> handed over again
//   3 attempts  did not settle it, the third of them alone            -> dead letter
//
// A lane is one account and chat; the account is the app's identity, `corp_id:agent_id`. Events of
// an app that is not configured wait. Urgent ones (commands) are handed over ahead of their lane
// and beside the windows. A clean stop takes charges back. Settled rows stay, without their text,
// as long as duplicates are remembered.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "durable/database/row_time.hpp"
#include "durable/database/state_error.hpp"
#include "durable/facts/route_cache.hpp"
#include "durable/inbox/event.hpp"

namespace hermes::durable {

class GroupCommit;
class Handover;
class Reader;

// Longer than callback_age_max + callback_lead_max: no key is forgotten while its callback could
// still be replayed.
inline constexpr std::chrono::hours duplicate_memory{26};

enum class Accepted { stored, duplicate };

class Inbox {
public:
    using AcceptHandler = base::MoveOnlyFunction<void(base::Result<Accepted>)>;

    // All outlive this.
    Inbox(GroupCommit& writer, Reader& reader, Handover& handover, const RowClock& clock,
          const std::atomic<std::int64_t>& run, const base::Log& log)
        : writer_(writer),
          reader_(reader),
          handover_(handover),
          clock_(clock),
          run_(run),
          log_(log) {}
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    // `handler` runs on the writer thread after the commit, or after its failure. The event's route
    // is remembered in the same commit.  [any]
    void accept(NewEvent event, AcceptHandler handler);

    using Ready = base::MoveOnlyFunction<void(StoredEvent)>;
    struct Handlers {
        base::MoveOnlyFunction<void(StoredEvent)> hand_over{};
        // Events of this account wait, since it is not one of `accounts`: once for each.
        base::MoveOnlyFunction<void(const std::string& account)> on_unknown_account{};
        // Before an event with files is handed over: completes it and calls `ready` with it, once,
        // on any thread, in bounded time, also if a file can't be had. Until then nothing that came
        // after it in its lane is handed over, unless it is urgent. May be empty.
        base::MoveOnlyFunction<void(StoredEvent, Ready ready)> make_ready{};
        // Another gateway has what was handed over here, or is about to be, and was not settled; it
        // may be handed over again. May be empty.
        base::MoveOnlyFunction<void(std::int64_t seq)> on_withdrawn{};
    };
    // Begins to hand over, on the loop, what is pending of these accounts, oldest first. Loads in
    // the background: returns at once however much there is.
    void start(std::vector<std::string> accounts, Handlers handlers);
    // From now on of these accounts. What has been handed over of another is finished.  [any]
    void configure(std::vector<std::string> accounts);

    // The agent begins with an event that was handed over: returns when its attempt is durable.
    // False: the inbox stops, or the event is not in flight. Waits for the disk, by means of the
    // loop: never to be called there, nor in a handler.  [any but the loop]
    bool begin(std::int64_t seq);

    // Idempotent; unknown numbers are ignored.  [any]
    void settle(std::int64_t seq);

    // The account that heard an event, empty if it is unknown or forgotten; an error while the
    // store can't be read.  [any but the loop: it may wait for the database]
    base::Result<std::string> account_of(std::int64_t seq);

    // Nothing is begun from the moment that it is called, and nothing is handed over after it has
    // returned. Takes charges back; the writer must still run.  [any but the loop]
    void stop() noexcept;

    // Another process changed rows: look again.  [any]
    void reload();

private:
    GroupCommit& writer_;
    Reader& reader_;
    Handover& handover_;
    const RowClock& clock_;
    const std::atomic<std::int64_t>& run_;
    const base::Log& log_;
    RouteCache routes_;  // of the writer thread
};

}  // namespace hermes::durable
