#include "api/lanes.hpp"

#include <algorithm>
#include <utility>

namespace hermes::wecom {

namespace {

constexpr std::chrono::minutes sweep_interval{1};
// How soon a read that failed is tried again.
constexpr std::chrono::seconds unreadable_pause{1};

std::string lane_key(const std::string& account, const std::string& chat) {
    return account + '\n' + chat;
}

}  // namespace

Lanes::Lanes(durable::DeliveryThread& thread, durable::Outbox& outbox,
             const std::vector<ApiApp>& apps, durable::PacingLimits pacing, Begin begin)
    : thread_(thread), outbox_(outbox), limits_(pacing), begin_(std::move(begin)) {
    for (const auto& app : apps) {
        queue_of(app.account()).app = &app;
    }
    thread_.post([this] { sweep(); });
}

AppQueue& Lanes::queue_of(const std::string& account) {
    auto& queue = queues_[account];
    if (!queue) {
        queue = std::make_unique<AppQueue>();
        queue->account = account;
    }
    return *queue;
}

Lanes::Added Lanes::add(const durable::PendingPart& part) {
    auto& lane = lanes_[lane_key(part.account, part.chat)];
    if (!lane) {
        lane = std::make_unique<Lane>(queue_of(part.account), part.chat, limits_);
    }
    auto& parts = lane->parts;
    const auto place = std::lower_bound(
        parts.begin(), parts.end(), part.seq,
        [](const durable::PendingPart& a, std::int64_t seq) { return a.seq < seq; });
    if (place != parts.end() && place->seq == part.seq) {
        return Added::known;
    }
    if (lane->active && place == parts.begin() && !parts.empty()) {
        // A dead letter came back while a younger part is under way: it goes right behind that one.
        parts.insert(std::next(place), part);
    } else {
        parts.insert(place, part);
    }
    pending_.fetch_add(1, std::memory_order_relaxed);
    schedule(*lane);
    return lane->queue.app == nullptr ? Added::no_such_app : Added::taken;
}

void Lanes::pop(Lane& lane) {
    lane.parts.pop_front();
    lane.last_error.clear();
    pending_.fetch_sub(1, std::memory_order_relaxed);
}

void Lanes::release(Lane& lane) {
    lane.active = false;
    lane.probe = false;
    lane.current.reset();
    --lane.queue.active;
    note_idle();
    schedule(lane);
    // Posted: a row of parts that end at once must not become a recursion.
    thread_.post([this, &queue = lane.queue] { run_ready(queue); });
}

void Lanes::pause_changed(AppQueue& queue) {
    const auto when = queue.pause.paused() ? queue.pause.until() : thread_.now();
    thread_.post_at(when, [this, &queue] { run_ready(queue); });
}

void Lanes::stop() {
    stopping_ = true;
    for (auto& [account, queue] : queues_) {
        queue->ready.clear();
    }
    note_idle();
}

void Lanes::wait_idle(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(idle_mutex_);
    idle_changed_.wait_until(lock, deadline, [this] { return idle_; });
}

// Puts the lane into its app's queue now, or when its oldest part is due.
void Lanes::schedule(Lane& lane) {
    if (lane.active || lane.parts.empty() || stopping_) {
        return;
    }
    const auto now = thread_.now();
    const auto& oldest = lane.parts.front();
    if (!read_past(lane)) {
        schedule_at(now + unreadable_pause, lane);
        return;
    }
    auto due = std::max(oldest.not_before, lane.pacing.next_slot(now));
    due = lane.queue.app == nullptr ? oldest.deadline : std::min(due, oldest.deadline);
    if (due > now) {
        schedule_at(due, lane);
        return;
    }
    lane.active = true;
    lane.queue.ready.push_back(&lane);
    thread_.post([this, &queue = lane.queue] { run_ready(queue); });
}

void Lanes::schedule_at(base::SteadyTime when, const Lane& lane) {
    const auto seq = lane.parts.front().seq;
    thread_.post_at(when, [this, key = lane_key(lane.queue.account, lane.chat), seq] {
        const auto found = lanes_.find(key);
        if (found != lanes_.end() && !found->second->parts.empty() &&
            found->second->parts.front().seq == seq) {
            schedule(*found->second);
        }
    });
}

// False if the store could not say: what was sent in the past hour is not taken for nothing.
bool Lanes::read_past(Lane& lane) {
    if (lane.past_read || lane.queue.app == nullptr) {
        return true;
    }
    const auto times = outbox_.delivered_lately(lane.queue.account, lane.chat);
    if (times.has_error()) {
        return false;
    }
    for (const auto time : *times) {
        lane.pacing.sent(time);
    }
    lane.past_read = true;
    return true;
}

void Lanes::run_ready(AppQueue& queue) {
    if (stopping_) {
        return;
    }
    if (queue.pause.paused() || queue.app == nullptr) {
        run_expired(queue);
        run_probe(queue);
        return;
    }
    while (!queue.ready.empty() && queue.active < active_per_app && !queue.pause.paused()) {
        auto& lane = *queue.ready.front();
        queue.ready.pop_front();
        begin(lane);
    }
}

// What is past its deadline is given up although nothing may be sent.
void Lanes::run_expired(AppQueue& queue) {
    const auto now = thread_.now();
    std::vector<Lane*> expired;
    std::erase_if(queue.ready, [&](Lane* lane) {
        const bool is_over = lane->parts.front().deadline <= now;
        if (is_over) {
            expired.push_back(lane);
        }
        return is_over;
    });
    for (auto* lane : expired) {
        begin(*lane);
    }
}

void Lanes::run_probe(AppQueue& queue) {
    if (queue.ready.empty() || !queue.pause.probe_due(thread_.now())) {
        return;
    }
    auto& lane = *queue.ready.front();
    queue.ready.pop_front();
    queue.pause.probe_begins();
    lane.probe = true;
    begin(lane);
}

void Lanes::begin(Lane& lane) {
    ++lane.queue.active;
    begin_(lane);
}

// Forgets lanes that have nothing to send and no past that pacing must remember.
void Lanes::sweep() {
    const auto now = thread_.now();
    std::erase_if(lanes_, [&](const auto& entry) {
        auto& lane = *entry.second;
        return lane.parts.empty() && !lane.active && lane.pacing.prune(now);
    });
    thread_.post_at(now + sweep_interval, [this] { sweep(); });
}

void Lanes::note_idle() {
    const bool idle = stopping_ && std::all_of(queues_.begin(), queues_.end(),
                                               [](const auto& q) { return q.second->active == 0; });
    if (idle) {
        const std::lock_guard lock(idle_mutex_);
        idle_ = true;
        idle_changed_.notify_all();
    }
}

}  // namespace hermes::wecom
