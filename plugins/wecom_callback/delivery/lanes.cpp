#include "delivery/lanes.hpp"

#include <algorithm>
#include <utility>

namespace hermes::wecom {

namespace {

constexpr std::chrono::minutes sweep_interval{1};

std::string lane_key(std::size_t app, const std::string& chat) {
    return std::to_string(app) + '\n' + chat;
}

}  // namespace

Lanes::Lanes(DeliveryThread& thread, Outbox& outbox, std::vector<std::string> accounts,
             PacingLimits pacing, Begin begin)
    : thread_(thread),
      outbox_(outbox),
      accounts_(std::move(accounts)),
      queues_(accounts_.size()),
      limits_(pacing),
      begin_(std::move(begin)) {
    thread_.post([this] { sweep(); });
}

Lanes::Added Lanes::add(const PendingPart& part) {
    const auto app = find_app(part.account);
    if (!app) {
        return Added::no_such_account;
    }
    auto& lane = lanes_[lane_key(*app, part.chat)];
    if (!lane) {
        lane = std::make_unique<Lane>(*app, part.chat, limits_);
    }
    auto& parts = lane->parts;
    const auto place =
        std::lower_bound(parts.begin(), parts.end(), part.seq,
                         [](const PendingPart& a, std::int64_t seq) { return a.seq < seq; });
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
    return Added::taken;
}

void Lanes::pop(Lane& lane) {
    lane.parts.pop_front();
    pending_.fetch_sub(1, std::memory_order_relaxed);
}

void Lanes::release(Lane& lane) {
    lane.active = false;
    lane.current.reset();
    --queues_[lane.app].active;
    note_idle();
    schedule(lane);
    // Posted: a row of parts that end at once must not become a recursion.
    thread_.post([this, app = lane.app] { run_ready(app); });
}

void Lanes::pause_app(std::size_t app, support::WallTime until) {
    auto& pause = queues_[app].paused_until;
    pause = std::max(pause, until);
}

void Lanes::stop() {
    stopping_ = true;
    for (auto& queue : queues_) {
        queue.ready.clear();
    }
    note_idle();
}

void Lanes::wait_idle(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(idle_mutex_);
    idle_changed_.wait_until(lock, deadline, [this] { return idle_; });
}

std::optional<std::size_t> Lanes::find_app(const std::string& account) const {
    const auto found = std::find(accounts_.begin(), accounts_.end(), account);
    if (found == accounts_.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - accounts_.begin());
}

// Puts the lane into its app's queue now, or when its oldest part is due.
void Lanes::schedule(Lane& lane) {
    if (lane.active || lane.parts.empty() || stopping_) {
        return;
    }
    read_past(lane);
    const auto now = thread_.now();
    const auto due = std::max({lane.parts.front().next_attempt, lane.pacing.next_slot(now),
                               queues_[lane.app].paused_until});
    if (due > now) {
        schedule_at(due, lane);
        return;
    }
    lane.active = true;
    queues_[lane.app].ready.push_back(&lane);
    thread_.post([this, app = lane.app] { run_ready(app); });
}

void Lanes::schedule_at(support::WallTime when, const Lane& lane) {
    const auto seq = lane.parts.front().seq;
    thread_.post_at(when, [this, key = lane_key(lane.app, lane.chat), seq] {
        const auto found = lanes_.find(key);
        if (found != lanes_.end() && !found->second->parts.empty() &&
            found->second->parts.front().seq == seq) {
            schedule(*found->second);
        }
    });
}

void Lanes::read_past(Lane& lane) {
    if (std::exchange(lane.past_read, true)) {
        return;
    }
    const auto hour_ago = thread_.now() - std::chrono::hours{1};
    for (const auto time : outbox_.delivered_since(accounts_[lane.app], lane.chat, hour_ago)) {
        lane.pacing.sent(time);
    }
}

void Lanes::run_ready(std::size_t app) {
    auto& queue = queues_[app];
    while (!queue.ready.empty() && queue.active < active_per_app && !stopping_) {
        auto& lane = *queue.ready.front();
        queue.ready.pop_front();
        ++queue.active;
        begin_(lane);
    }
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
                                               [](const auto& q) { return q.active == 0; });
    if (idle) {
        const std::lock_guard lock(idle_mutex_);
        idle_ = true;
        idle_changed_.notify_all();
    }
}

}  // namespace hermes::wecom
