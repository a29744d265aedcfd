// Takes what is in the outbox to the platform: per lane in order, lanes side by side (lanes.hpp),
// each part as the request that is stored, through the platform's courier.
//
// Lives on the delivery loop, and waits for nothing there: what must be read is read on `reads`,
// what must be written on the store's writer, and both answer by posting. A part that was enqueued
// just now is sent from memory.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/event_loop.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "durable/delivery/account_pauses.hpp"
#include "durable/delivery/courier.hpp"
#include "durable/delivery/expected_results.hpp"
#include "durable/delivery/lanes.hpp"
#include "durable/delivery/retry.hpp"
#include "durable/store/store.hpp"

namespace hermes::durable {

inline constexpr std::chrono::seconds outside_changes_interval{1};
// What is kept in memory of parts that wait, so that they are not read back; the rest is read.
inline constexpr std::size_t young_bytes_max = 32U << 20U;

struct DeliveryLimits {
    RetryLimits retry{.backoff_max = std::chrono::minutes{1}};
    LaneOptions lanes{};
};

enum class DeliveryEvent { attempted, part_delivered, put_off, message_set_aside };

struct DeliveryReport {
    DeliveryEvent event;
    const OutboxPart& part;        // which is gone after the call
    std::string_view sentence{};   // why it was put off or set aside
    std::chrono::seconds wait{0};  // of put_off: until the next attempt
};

struct DeliveryOptions {
    std::vector<Account> accounts{};
    DeliveryLimits limits{};
    base::Log log = [](base::Severity, std::string_view) {};
    // How the log names an account that is not configured, and what is said of its replies.
    std::function<std::string(const std::string& account)> describe_unknown =
        [](const std::string& account) { return account; };
    // What happens to parts, before it is written.  [delivery loop]
    std::function<void(const DeliveryReport&)> on_event{};
    // A message that settles an event is durable.  [writer]
    std::function<void(std::int64_t event, std::int64_t message)> on_reply_stored{};
};

class Delivery final : public ShardServant {
public:
    using Handler = ExpectedResults::Handler;  // [delivery loop]

    // All references outlive the loops' last tasks, as this object does.
    Delivery(base::EventLoop& loop, base::EventLoop& reads, Store& store, Courier& courier,
             DeliveryOptions options);
    ~Delivery() = default;
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    // Takes up what earlier runs left, and looks once a second for what other processes added.
    // [any]
    void start();

    // Instead of the accounts that it was made with.  [delivery loop]
    void configure(std::vector<Account> accounts);

    void take(Shards shards) override;
    void leave(Shards shards) override;
    Shards busy() const override { return lanes_.busy(); }
    void look_at(const Stored& stored) override;
    void go_on() override;

    // Begins nothing more, and calls `done` when nothing is under way, or once that takes too long:
    // from then on another process delivers, and no failure is recorded here.  [delivery loop]
    void step_down(std::function<void()> done);

    // Makes the message durable, then delivers it. `handler` may be empty.  [delivery loop]
    void submit(NewMessage message, Handler handler);

    // No request is begun after this; returns when none is under way, or at `deadline`.
    // [not the delivery loop]
    void stop(std::chrono::steady_clock::time_point deadline);
    // After the store has stopped: what has no result yet is deferred.  [delivery loop]
    void defer_all() { results_.defer_all(); }

    std::size_t pending() const noexcept { return pending_; }                    // parts  [any]
    std::vector<PausedAccount> paused() const { return pauses_.list(); }         // [any]
    bool is_paused(const std::string& id) const { return pauses_.contain(id); }  // [any]
    // Of an account.  [any]
    struct Pace {
        std::size_t window = window_first;  // requests that may be under way
        std::size_t requests_last_minute = 0;
    };
    Pace pace_of(const std::string& account) const;

private:
    // How soon something is tried again that could not be read from the store.
    static constexpr std::chrono::seconds unreadable_pause{1};

    template <typename Read, typename Then>
    void read(Read read, Then then);
    template <typename Then>
    Outbox::Done recorded(const char* what, Then then);

    void stored(base::Result<std::vector<PendingPart>> parts, Handler handler);
    void take_up_pending();
    void take_up_page(Shards own, std::int64_t after);
    void add_all(std::vector<PendingPart> parts);
    void end_reading();
    void watch_outside();
    void add(PendingPart part);
    void pump();
    void wake_at(std::optional<base::SteadyTime> time);
    void read_past(Lane& lane);
    void begin(Lane& lane);
    void loaded(Lane& lane, base::Result<std::optional<OutboxPart>> part);
    bool may_send(int shard) const;
    void attempt(Lane& lane);
    void finished(Lane& lane, Receipt receipt);
    void delivered(Lane& lane, const Receipt& receipt);
    void failed(Lane& lane, const Receipt& receipt);
    void put_off(Lane& lane, const Receipt& receipt, base::SteadyTime when);
    void give_up_late(Lane& lane);
    void give_up(Lane& lane, const Receipt& last, GiveUp::Reason why, const std::string& sentence,
                 std::optional<LastAttempt> attempt);
    std::chrono::milliseconds took(const Lane& lane) const;
    void pop(Lane& lane);
    void let_go(Lane& lane, const SendResult& result);
    void release(Lane& lane);
    void warn_of_unknown(const std::string& account);
    void sweep();
    void note(const DeliveryReport& report);
    void note_idle();
    void come_to_rest();

    base::EventLoop& loop_;
    base::EventLoop& reads_;
    Store& store_;
    Courier& courier_;
    DeliveryOptions options_;
    Lanes lanes_;
    AccountPauses pauses_;
    base::Guarded<std::map<std::string, std::pair<std::size_t, MinuteCount>>> paces_;
    ExpectedResults results_;
    std::set<std::string> warned_accounts_;
    std::mt19937 random_{std::random_device{}()};
    std::uniform_real_distribution<double> chance_{0.0, 1.0};
    Shards own_;
    std::size_t young_bytes_ = 0;
    std::int64_t outside_changes_ = 0;
    base::EventLoop::TimerId wake_{};
    bool is_pumping_ = false;
    bool is_taking_up_ = false;
    bool takes_up_again_ = false;
    int looks_ = 0;  // for what other gateways have stored, under way
    // Of these something may be stored that is not known yet: what came after it waits for it.
    Shards unread_;
    std::vector<PendingPart> behind_unread_;
    bool is_looking_ = false;
    bool stopping_ = false;
    std::function<void()> at_rest_;
    bool stepped_down_ = false;
    std::atomic<std::size_t> pending_{0};

    std::mutex idle_mutex_;  // guards is_idle_
    std::condition_variable idle_changed_;
    bool is_idle_ = false;
};

// `read` runs on the reading loop, `then` with its result on this one.
template <typename Read, typename Then>
void Delivery::read(Read read, Then then) {
    reads_.post([this, read = std::move(read), then = std::move(then)]() mutable {
        loop_.post(
            [then = std::move(then), result = read()]() mutable { then(std::move(result)); });
    });
}

}  // namespace hermes::durable
