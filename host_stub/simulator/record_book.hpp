// The simulator's memory, shared by its threads, and the place to wait for something to happen.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "simulator/faults.hpp"
#include "simulator/record.hpp"

namespace hermes::host::simulator {

class RecordBook {
public:
    using Deadline = std::chrono::steady_clock::time_point;
    using Observer = std::function<void(const WireStep& step)>;

    // `on_step` is called for every step, in order, with the book locked: it passes it on.
    RecordBook(support::Clock clock, Observer on_step)
        : clock_(std::move(clock)), on_step_(std::move(on_step)) {}

    // What happens.  [any]
    std::uint64_t begin_entry(const App& app, const std::string& user_id, std::string type,
                              std::string content);
    void end_entry(std::uint64_t entry, int attempts,
                   std::optional<std::chrono::milliseconds> acknowledged_after);
    void add_send(const App* app, SendCall call);  // with an entry and a step for each recipient
    void add_step(WireStep step);                  // fills in sequence, time and entry
    void count_call(Call call, const std::string& app);

    // What has happened.  [any]
    std::vector<SendCall> sends(const SendFilter& filter) const;
    std::vector<Delivered> deliveries(const DeliveryFilter& filter) const;
    std::vector<WireStep> steps(std::uint64_t after) const;
    std::vector<ChatEntry> entries() const;
    std::size_t calls(Call call, const std::string& app) const;  // of every app if empty

    // The first matching one that was not taken before; waits for it until `deadline`.  [any]
    std::optional<Delivered> take_delivery(const DeliveryFilter& filter, Deadline deadline);

    // Returns once `count` deliveries match, or at `deadline`.  [any]
    void wait_deliveries(const DeliveryFilter& filter, std::size_t count, Deadline deadline) const;

    // Whether `reached` came true; it is asked whenever something has happened, unlocked.  [any]
    bool wait(const std::function<bool()>& reached, Deadline deadline) const;

private:
    std::uint64_t add_entry(ChatEntry entry);  // locked
    void record_step(WireStep step);           // locked
    void happened();                           // locked

    const support::Clock clock_;
    const Observer on_step_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::uint64_t happenings_ = 0;
    std::uint64_t last_entry_ = 0;
    std::uint64_t last_step_ = 0;
    std::deque<ChatEntry> entries_;
    std::deque<WireStep> steps_;
    std::deque<SendCall> sends_;
    std::deque<Delivered> deliveries_;
    std::deque<Delivered> untaken_;  // those of them that take_delivery may still give
    std::map<std::pair<std::string, std::string>, std::uint64_t> last_written_;  // by app, user
    std::map<std::string, std::uint64_t> last_written_to_app_;
    std::map<std::pair<Call, std::string>, std::size_t> calls_;
};

}  // namespace hermes::host::simulator
