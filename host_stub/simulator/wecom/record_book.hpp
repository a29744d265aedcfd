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
#include <string_view>
#include <vector>

#include "simulator/wecom/faults.hpp"
#include "simulator/wecom/open_messages.hpp"
#include "simulator/wecom/past.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

class RecordBook {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    // Called for every step, and for every entry that is new or has changed, in order, with the
    // book locked: they pass it on.
    struct Observer {
        std::function<void(const WireStep& step)> on_step;
        std::function<void(const ChatEntry& entry)> on_entry;
        // Before a step of add_step, with the book unlocked: whoever knows of something older notes
        // it now, so that steps stand in the order in which they happened. May be empty.
        std::function<void()> before_step;
    };
    RecordBook(base::Clock clock, Observer observer)
        : clock_(std::move(clock)), observer_(std::move(observer)) {}

    // What an earlier one has seen, of those who are known still (`user_id` may be empty); its
    // numbers go on. What was on its way then has failed. Before anything happens.
    using IsKnown = std::function<bool(std::string_view app, std::string_view user_id)>;
    void go_on_from(const Past& past, const IsKnown& is_known);

    // What happens.  [any]
    std::uint64_t begin_entry(ChatEntry entry);  // a member's; gets its number, time and state
    void begin_try(std::uint64_t entry, int attempt);
    void end_entry(std::uint64_t entry, int attempts,
                   std::optional<std::chrono::milliseconds> acknowledged_after);
    void add_send(const App* app, SendCall call);  // with an entry and a step for each recipient
    // A card that a member has shows `label` in place of its buttons.
    void close_card(std::string_view msgid, std::string_view user_id, const std::string& label);
    // What was seen on the wire. Both fill in sequence, time and entry.
    void add_step(WireStep step);
    void note(WireStep step);  // what somebody else has seen
    // Of what an app has sent: when, and that it takes it back from all who got it.
    std::optional<base::WallTime> sent_at(std::string_view app, std::string_view msgid) const;
    void recall(std::string_view app, std::string_view msgid);
    void count_call(Call call, const std::string& app);

    // What has happened.  [any]
    std::vector<SendCall> sends(const SendFilter& filter) const;
    std::vector<Delivered> deliveries(const DeliveryFilter& filter) const;
    std::vector<WireStep> steps(std::uint64_t after) const;
    std::vector<WireStep> latest_steps(std::size_t count) const;
    // Before that one, of messages that something is still to come of.
    std::vector<WireStep> open_steps(std::uint64_t before) const;
    std::vector<WireStep> steps_of(std::uint64_t entry) const;
    std::optional<WireStep> step(std::uint64_t sequence) const;
    std::vector<ChatEntry> entries() const;
    std::optional<ChatEntry> entry(std::uint64_t number) const;
    // The newest of all, and of each chat so many at least. The oldest first.
    std::vector<ChatEntry> latest_entries(std::size_t count, std::size_t of_each_chat) const;
    // The member's entry with that MsgId; 0 if there is none.  [any]
    std::uint64_t entry_of_msgid(std::string_view msgid) const;
    // Of the member's events that are being sent to the gateway the oldest beyond `after`; 0: none.
    // That somebody has opened the app is none: a gateway makes nothing of it that it answers.
    std::uint64_t event_under_way(std::string_view app, std::string_view user_id,
                                  std::uint64_t after) const;
    std::size_t calls(Call call, const std::string& app) const;  // of every app if empty

    // The first matching one that was not taken before; waits for it until `deadline`.  [any]
    std::optional<Delivered> take_delivery(const DeliveryFilter& filter, Deadline deadline);

    // Returns once `count` deliveries match, or at `deadline`.  [any]
    void wait_deliveries(const DeliveryFilter& filter, std::size_t count, Deadline deadline) const;

    // Whether `reached` came true; it is asked whenever something has happened, unlocked.  [any]
    bool wait(const std::function<bool()>& reached, Deadline deadline) const;

private:
    std::uint64_t add_entry(ChatEntry entry);  // locked
    void place(WireStep& step) const;          // locked
    void place_call(WireStep& step) const;     // locked
    template <typename Change>
    void change_entry(std::uint64_t number, Change change);
    void record_step(WireStep step);  // locked
    void keep_step(WireStep step);    // locked
    void happened();                  // locked

    const base::Clock clock_;
    const Observer observer_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::uint64_t happenings_ = 0;
    std::uint64_t last_entry_ = 0;
    std::uint64_t last_step_ = 0;
    std::deque<ChatEntry> entries_;
    std::deque<WireStep> steps_;
    std::size_t steps_bytes_ = 0;
    OpenMessages open_{0};
    std::deque<SendCall> sends_;
    std::deque<Delivered> deliveries_;
    std::deque<Delivered> untaken_;  // those of them that take_delivery may still give
    std::map<std::pair<std::string, std::string>, std::uint64_t> last_written_;  // by app, user
    std::map<std::string, std::uint64_t> last_written_to_app_;
    std::map<std::pair<Call, std::string>, std::size_t> calls_;
    // What the gateway answers next, by app and user; 0: nothing that anybody wrote.
    std::map<std::pair<std::string, std::string>, std::uint64_t> answering_;
};

}  // namespace hermes::host::simulator
