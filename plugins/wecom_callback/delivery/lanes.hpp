// What is waiting to be delivered, and when each part may go.
//
// A lane is one app and one chat; its oldest part is tried until it is delivered or given up, and
// the others wait behind it. An app has at most `active_per_app` lanes under way and, when WeCom
// asks it to slow down, a pause of its own. So no app, member or chat holds up another.
//
// Lives on the delivery thread, but for `pending` and `wait_idle`.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/delivery_thread.hpp"
#include "policy/pacing.hpp"
#include "state/outbox.hpp"

namespace hermes::wecom {

inline constexpr std::size_t active_per_app = 8;

struct Lane {
    Lane(std::size_t app_index, std::string chat_id, PacingLimits limits)
        : app(app_index), chat(std::move(chat_id)), pacing(limits) {}

    std::size_t app;
    std::string chat;
    std::deque<PendingPart> parts;  // oldest in front
    Pacing pacing;
    bool past_read = false;  // pacing knows what earlier runs delivered
    bool active = false;     // under way, or ready in its app's queue
    int token_refreshes = 0;
    std::optional<OutboxPart> current;  // the oldest part, while it is under way
};

class Lanes {
public:
    // Begins to deliver the oldest part of the lane; ends, now or later, with release().
    using Begin = std::function<void(Lane&)>;

    Lanes(DeliveryThread& thread, Outbox& outbox, std::vector<std::string> accounts,
          PacingLimits pacing, Begin begin);

    enum class Added { taken, known, no_such_account };
    Added add(const PendingPart& part);

    // The oldest part of an active lane is done with.
    void pop(Lane& lane);
    // The lane is not under way any more; its oldest part, if any, is scheduled anew.
    void release(Lane& lane);
    void pause_app(std::size_t app, support::WallTime until);

    void stop();  // begins nothing more
    // Returns when nothing is under way after stop, or at `deadline`.  [not the delivery thread]
    void wait_idle(std::chrono::steady_clock::time_point deadline);

    std::size_t pending() const noexcept { return pending_.load(std::memory_order_relaxed); }

private:
    struct AppQueue {
        std::deque<Lane*> ready;
        std::size_t active = 0;
        support::WallTime paused_until{};
    };

    std::optional<std::size_t> find_app(const std::string& account) const;
    void schedule(Lane& lane);
    void schedule_at(support::WallTime when, const Lane& lane);
    void read_past(Lane& lane);
    void run_ready(std::size_t app);
    void sweep();
    void note_idle();

    DeliveryThread& thread_;
    Outbox& outbox_;
    std::vector<std::string> accounts_;
    std::vector<AppQueue> queues_;  // as accounts_
    PacingLimits limits_;
    Begin begin_;
    // unique_ptr: what is under way holds references while the map grows.
    std::unordered_map<std::string, std::unique_ptr<Lane>> lanes_;
    bool stopping_ = false;
    std::atomic<std::size_t> pending_{0};

    std::mutex idle_mutex_;  // guards idle_
    std::condition_variable idle_changed_;
    bool idle_ = false;
};

}  // namespace hermes::wecom
