// Hands events over to the host, as turns.hpp decides.
//
// It lives on the store's loop: what comes from another thread is posted there, so nothing is
// locked, and reading rows is left to others, so nobody on that loop waits for the disk.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "durable/cluster/cluster.hpp"
#include "durable/database/row_time.hpp"
#include "durable/facts/recent_accounts.hpp"
#include "durable/inbox/inbox.hpp"
#include "durable/inbox/turns.hpp"

namespace hermes::durable {

class GroupCommit;
class Reads;

struct HandoverOptions {
    // How long an event on its last attempt has the host for itself.
    std::chrono::milliseconds alone_time;
    // An event was set aside. On the writer thread; may be empty.
    std::function<void(const DeadEvent&)> on_dead_event;
    // Before any is taken.
    Shards own = Shards::all();
};

class Handover : public ShardServant {
public:
    // All outlive this. `run`: of this gateway's start. When this is destroyed the loop has run all
    // that was posted for it.
    Handover(base::EventLoop& loop, Reads& reads, GroupCommit& writer, const RowClock& clock,
             const std::atomic<std::int64_t>& run, const base::Log& log, HandoverOptions options);
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

    void start(std::vector<std::string> accounts, Inbox::Handlers handlers);  // [any]
    void configure(std::vector<std::string> accounts);                        // [any]
    // Nothing is handed over after it has returned, and nothing is begun from the moment that it is
    // called: whoever waits in begin() is told so. Returns the charges to be taken back.
    // [not the loop]
    std::vector<TakeChargeBack> stop() noexcept;

    // As Inbox::begin.  [not the loop]
    bool begin(std::int64_t seq);
    // An event was stored under that number.  [writer thread]
    void committed(std::int64_t seq, NewEvent event);
    // The host has finished with an event; the row does not say so yet.  [any]
    void settle(std::int64_t seq);
    // Now it does.  [any]
    void settled(std::int64_t seq);
    // Look for pending rows that are not known here.  [any]
    void reload();

    void take(Shards shards) override;
    void leave(Shards shards) override;
    void hold_back(Shards shards) override;
    Shards busy() const override { return turns_.busy(); }
    void look_at(const Stored& stored) override;

    // Of an event that was handed over lately.  [any]
    std::optional<std::string> account_of(std::int64_t seq) const { return accounts_.find(seq); }

private:
    template <typename Change>
    void post(Change change);
    void go_on() override;
    template <typename Read, typename Take>
    void read(Read how, Take take);

    void carry_out(HandOver step);
    void carry_out(MakeReady step);
    void carry_out(const TellUnknown& step);
    void carry_out(ReadLastAttempts step);
    void carry_out(ReadPage step);
    void carry_out(ReadStored step);
    void carry_out(ReadEvent step);
    void carry_out(WriteCharge step);
    void carry_out(TakeChargeBack step);
    void carry_out(SetAside step);
    void carry_out(Wait step);

    void withdraw(const std::vector<std::int64_t>& seqs);
    void begin_here(std::int64_t seq, std::promise<bool> begun);
    void end_waiting(std::int64_t seq, bool begun);

    base::EventLoop& loop_;
    Reads& reads_;
    GroupCommit& writer_;
    const RowClock& clock_;
    const std::atomic<std::int64_t>& run_;
    const base::Log& log_;
    const std::function<void(const DeadEvent&)> on_dead_event_;
    std::atomic<bool> stopping_{false};
    RecentAccounts accounts_;

    // Of the loop.
    Turns turns_;
    Inbox::Handlers handlers_;
    std::unordered_multimap<std::int64_t, std::promise<bool>> beginning_;  // wait for a charge
    base::EventLoop::TimerId timer_;
    std::optional<base::SteadyTime> wakes_at_;  // when the timer does
};

}  // namespace hermes::durable
