// Hands events over to the host: per lane in order, lanes in turn, inside the windows of inbox.hpp.
//
// Kept in memory are numbers. An event that was committed just now and whose lane is free goes from
// memory; every other one is read when its turn comes. At the start the backlog is loaded in pages,
// oldest first, like the end of a log that is being followed: what is committed meanwhile is found
// on a later page, and when no page is left new events are announced by committed().
//
// Before all that come the events that have one attempt left, each alone: until it is settled, or
// for its share of `alone_time`. The charge of one that outlives this is taken back until the last
// of them had its turn. So one that kills the process at once is the only one to be set aside.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "durable/inbox.hpp"
#include "durable/inbox_lanes.hpp"

namespace hermes::durable {

class Handover {
public:
    explicit Handover(StoreContext& context);
    ~Handover();
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

    void start(std::vector<std::string> accounts, Inbox::Handlers handlers);
    // Nothing is handed over after it has returned, and nothing is begun. Returns the events whose
    // charge is to be taken back, each with the attempt that it was charged with.
    std::vector<std::pair<std::int64_t, int>> stop() noexcept;

    // As Inbox::begin.  [any]
    bool begin(std::int64_t seq);
    // An event was stored under that number.  [writer thread]
    void committed(std::int64_t seq, NewEvent event);
    // The host has finished with an event; the row does not say so yet.  [any]
    void settle(std::int64_t seq);
    // Now it does.  [writer thread]
    void settled(std::int64_t seq);
    // Look for pending rows that are not known here.  [any]
    void reload();

    std::optional<std::string> account_of(std::int64_t seq) const;

private:
    using Lock = std::unique_lock<std::mutex>;

    void run();
    void make_last_attempts(Lock& lock);
    void hand_over_alone(Lock& lock, std::int64_t seq, std::chrono::milliseconds alone);
    bool has_work() const;
    void hand_over_ready(Lock& lock);
    void hand_over_next(Lock& lock, std::int64_t seq);
    void load_page(Lock& lock);
    void take_in(const std::vector<PendingEvent>& page, std::vector<std::string>& unknown);
    void set_aside(const PendingEvent& event);
    void pause(Lock& lock);
    void charged(std::int64_t seq, Charge charge);

    StoreContext& context_;
    Inbox::Handlers handlers_;
    std::unordered_set<std::string> accounts_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;         // for the thread
    std::condition_variable charge_changed_;  // for begin()
    std::condition_variable finished_changed_;
    // All below under mutex_.
    InboxLanes lanes_{{in_flight_max, in_flight_lane_max, urgent_in_flight_max}};
    std::vector<StoredEvent> ready_;  // in flight, not given to the host yet
    // Finished with, but the row says pending; with the attempt that was charged, 0 if none was.
    std::unordered_map<std::int64_t, int> settling_;
    std::unordered_set<std::string> unknown_accounts_;
    enum class Loading { not_begun, pages, done } loading_ = Loading::not_begun;
    std::int64_t loaded_ = 0;     // every row up to here is known
    std::int64_t committed_ = 0;  // newest row that committed() was told of
    std::uint64_t loads_ = 0;     // counts reload()
    // Alone and outlived it: charged again when all had their turn.
    std::vector<std::pair<std::int64_t, int>> outlived_;
    bool stopping_ = false;
    bool finished_ = false;  // the thread has nothing more to do

    std::thread thread_;
};

}  // namespace hermes::durable
