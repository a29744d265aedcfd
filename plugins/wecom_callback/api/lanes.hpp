// What is waiting to be delivered, and when each part may go.
//
// A lane is one app and one chat; its oldest part is tried until it is delivered or given up, and
// the others wait behind it. An app has at most `active_per_app` lanes under way, and while it is
// paused (app_pause.hpp) one, the probe. So no app, member or chat holds up another. A part that is
// past its deadline is given its turn at once, to be given up. The lanes of an app that is not
// configured only wait for that.
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

#include "api/wecom_api.hpp"
#include "durable/app_pause.hpp"
#include "durable/delivery_thread.hpp"
#include "durable/outbox.hpp"
#include "durable/pacing.hpp"

namespace hermes::wecom {

inline constexpr std::size_t active_per_app = 8;

struct Lane;

// What all lanes of an app share. `app` is null while it is not configured.
struct AppQueue {
    std::string account;
    const ApiApp* app = nullptr;
    durable::AppPause pause{};
    std::deque<Lane*> ready{};  // whose turn it is, in order
    std::size_t active = 0;     // under way
};

struct Lane {
    Lane(AppQueue& app_queue, std::string chat_id, durable::PacingLimits limits)
        : queue(app_queue), chat(std::move(chat_id)), pacing(limits) {}

    // For the log.
    std::string place() const {
        return "app " + (queue.app != nullptr ? queue.app->name : queue.account) + ", chat " + chat;
    }

    AppQueue& queue;
    std::string chat;
    std::deque<durable::PendingPart> parts;  // oldest in front
    durable::Pacing pacing;
    bool past_read = false;  // pacing knows what earlier runs delivered
    bool active = false;     // under way, or ready in its app's queue
    bool probe = false;      // under way as its app's probe
    int token_refreshes = 0;
    boost::system::error_code last_error{};      // of the oldest part, in this run
    std::optional<durable::OutboxPart> current;  // the oldest part, while it is under way
};

class Lanes {
public:
    // Begins to deliver the oldest part of the lane; ends, now or later, with release().
    using Begin = std::function<void(Lane&)>;

    Lanes(durable::DeliveryThread& thread, durable::Outbox& outbox, const std::vector<ApiApp>& apps,
          durable::PacingLimits pacing, Begin begin);

    enum class Added { taken, known, no_such_app };
    Added add(const durable::PendingPart& part);

    // The oldest part of an active lane is done with.
    void pop(Lane& lane);
    // The lane is not under way any more; its oldest part, if any, is scheduled anew.
    void release(Lane& lane);
    // The app of this queue has been paused, or its pause is over.
    void pause_changed(AppQueue& queue);

    void stop();  // begins nothing more
    // Returns when nothing is under way after stop, or at `deadline`.  [not the delivery thread]
    void wait_idle(std::chrono::steady_clock::time_point deadline);

    std::size_t pending() const noexcept { return pending_.load(std::memory_order_relaxed); }

private:
    AppQueue& queue_of(const std::string& account);
    void schedule(Lane& lane);
    void schedule_at(base::SteadyTime when, const Lane& lane);
    bool read_past(Lane& lane);
    void run_ready(AppQueue& queue);
    void run_expired(AppQueue& queue);
    void run_probe(AppQueue& queue);
    void begin(Lane& lane);
    void sweep();
    void note_idle();

    durable::DeliveryThread& thread_;
    durable::Outbox& outbox_;
    durable::PacingLimits limits_;
    Begin begin_;
    // By account; entries stay. unique_ptr: lanes and tasks hold references.
    std::unordered_map<std::string, std::unique_ptr<AppQueue>> queues_;
    // unique_ptr: what is under way holds references while the map grows.
    std::unordered_map<std::string, std::unique_ptr<Lane>> lanes_;
    bool stopping_ = false;
    std::atomic<std::size_t> pending_{0};

    std::mutex idle_mutex_;  // guards idle_
    std::condition_variable idle_changed_;
    bool idle_ = false;
};

}  // namespace hermes::wecom
