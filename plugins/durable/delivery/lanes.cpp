#include "durable/delivery/lanes.hpp"

#include <algorithm>
#include <utility>

namespace hermes::durable {

namespace {

constexpr std::size_t turns_to_a_notice = 8;

std::string lane_key(const std::string& account, const std::string& chat) {
    return account + '\n' + chat;
}

}  // namespace

Lanes::Lanes(const std::vector<Account>& accounts, LaneOptions options) : options_(options) {
    for (const auto& account : accounts) {
        set_up(account);
    }
}

void Lanes::set_up(const Account& account) {
    auto& queue = queue_of(account.id);
    queue.account = account;
    queue.is_configured = true;
    if (!account.group.empty() && options_.group_per_minute > 0) {
        queue.rate = &rates_.try_emplace(account.group, options_.group_per_minute).first->second;
    }
}

void Lanes::configure(const std::vector<Account>& accounts, Time now) {
    std::set<const AccountQueue*> before;
    for (auto& [id, queue] : queues_) {
        if (std::exchange(queue->is_configured, false)) {
            before.insert(queue.get());
        }
    }
    for (const auto& account : accounts) {
        set_up(account);
        auto& queue = queue_of(account.id);
        if (queue.pause.paused()) {
            queue.pause.try_again(now);
            pause_changed(queue);
        }
    }
    for (auto& [key, lane] : lanes_) {
        const bool is_new = lane->queue.is_configured && !before.contains(&lane->queue);
        const bool is_gone = !lane->queue.is_configured && before.contains(&lane->queue);
        if (is_new) {
            lane->knows_past = false;
        }
        if (is_new || is_gone) {
            unready(*lane);
            schedule(*lane, now);
        }
    }
}

std::set<std::string> Lanes::unconfigured() const {
    std::set<std::string> accounts;
    for (const auto& [key, lane] : lanes_) {
        if (!lane->queue.is_configured && !lane->parts.empty()) {
            accounts.insert(lane->queue.account.id);
        }
    }
    return accounts;
}

AccountQueue& Lanes::queue_of(const std::string& account) {
    auto& queue = queues_[account];
    if (!queue) {
        queue = std::make_unique<AccountQueue>(AccountQueue{
            .account = {account, account}, .window = SendWindow(options_.window_longest)});
    }
    return *queue;
}

Lanes::Added Lanes::add(QueuedPart part, const std::string& account, const std::string& chat,
                        Time now) {
    auto& lane = lanes_[lane_key(account, chat)];
    if (!lane) {
        lane = std::make_unique<Lane>(queue_of(account), chat, options_.pacing);
        lane->knows_past = !lane->queue.is_configured;
    }
    auto& parts = lane->parts;
    const auto place =
        std::lower_bound(parts.begin(), parts.end(), part.seq,
                         [](const QueuedPart& a, std::int64_t seq) { return a.seq < seq; });
    if (place != parts.end() && place->seq == part.seq) {
        return Added::known;
    }
    const bool is_oldest = place == parts.begin();
    if (is_oldest && lane->state == Lane::State::under_way && !parts.empty()) {
        // A dead letter came back while a younger part is under way: it goes right behind that one.
        parts.insert(std::next(place), std::move(part));
    } else {
        if (is_oldest) {
            unready(*lane);
            lane->begin_anew();
        }
        parts.insert(place, std::move(part));
    }
    ++pending_;
    if (is_oldest) {
        schedule(*lane, now);
    }
    return lane->queue.is_configured ? Added::taken : Added::unknown_account;
}

Lane* Lanes::next_unread() {
    if (unread_.empty()) {
        return nullptr;
    }
    auto* lane = unread_.front();
    unread_.pop_front();
    return lane;
}

void Lanes::know_past(Lane& lane, const std::vector<Time>& deliveries, Time now) {
    lane.state = Lane::State::empty;
    if (std::exchange(lane.past_is_stale, false)) {
        schedule(lane, now);  // it is read anew if something is to be delivered
        return;
    }
    lane.pacing = Pacing(options_.pacing);
    for (const auto time : deliveries) {
        lane.pacing.sent(time);
    }
    lane.knows_past = true;
    schedule(lane, now);
}

// Puts the lane where it belongs: nothing of it is under way, waiting or ready.
void Lanes::schedule(Lane& lane, Time now) {
    if (lane.parts.empty() || stopping_ || lane.state != Lane::State::empty) {
        return;
    }
    if (!lane.knows_past) {
        lane.state = Lane::State::unread;
        unread_.push_back(&lane);
        return;
    }
    const auto& oldest = lane.parts.front();
    auto due = std::max(oldest.not_before, lane.pacing.next_slot(now));
    due = lane.queue.is_configured ? std::min(due, oldest.deadline) : oldest.deadline;
    if (due <= now) {
        make_ready(lane);
        return;
    }
    lane.state = Lane::State::waiting;
    lane.due = due;
    waiting_.emplace(due, &lane);
}

void Lanes::make_ready(Lane& lane) {
    lane.state = Lane::State::ready;
    lane.ready_in = lane.parts.front().is_notice ? &lane.queue.notices : &lane.queue.answers;
    lane.place_ready = lane.ready_in->insert(lane.ready_in->end(), &lane);
    deadlines_.emplace(lane.parts.front().deadline, &lane);
    list(lane.queue);
}

void Lanes::unready(Lane& lane) {
    if (lane.state == Lane::State::waiting) {
        waiting_.erase({lane.due, &lane});
    } else if (lane.state == Lane::State::ready) {
        deadlines_.erase({lane.parts.front().deadline, &lane});
        lane.ready_in->erase(lane.place_ready);
    } else {
        return;
    }
    lane.state = Lane::State::empty;
}

void Lanes::list(AccountQueue& queue) {
    if (!std::exchange(queue.is_listed, true)) {
        runnable_.push_back(&queue);
    }
}

Lane* Lanes::next(Time now) {
    if (stopping_) {
        return nullptr;
    }
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
        auto& lane = *waiting_.begin()->second;
        waiting_.erase(waiting_.begin());
        make_ready(lane);
    }
    // What is past its deadline is given up although nothing may be sent.
    if (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        return begin(*deadlines_.begin()->second, now);
    }
    while (!held_.empty() && held_.begin()->first <= now) {
        list(*held_.begin()->second);
        held_.erase(held_.begin());
    }
    while (!runnable_.empty()) {
        auto& queue = *runnable_.front();
        runnable_.pop_front();
        queue.is_listed = false;
        if (auto* lane = take_from(queue, now)) {
            list(queue);  // behind the others
            return lane;
        }
    }
    return nullptr;
}

Lane* Lanes::take_from(AccountQueue& queue, Time now) {
    if (!queue.has_ready() || !queue.is_configured) {
        return nullptr;
    }
    const bool is_probe = queue.pause.paused();
    if (is_probe ? !queue.pause.probe_due(now) : queue.active >= queue.window.size()) {
        return nullptr;
    }
    if (queue.rate != nullptr) {
        if (const auto slot = queue.rate->next_slot(now); slot > now) {
            held_.emplace(slot, &queue);
            return nullptr;
        }
        queue.rate->begun(now);
    }
    if (is_probe) {
        queue.pause.probe_begins();
    }
    const bool is_notices_turn = queue.answers.empty() || ++queue.turns % turns_to_a_notice == 0;
    auto& lane =
        is_notices_turn && !queue.notices.empty() ? *queue.notices.front() : *queue.answers.front();
    lane.is_probe = is_probe;
    return begin(lane, now);
}

Lane* Lanes::begin(Lane& lane, Time now) {
    unready(lane);
    lane.state = Lane::State::under_way;
    lane.request = lane.queue.window.begins();
    lane.begun_at = now;
    ++lane.queue.active;
    ++active_;
    return &lane;
}

std::optional<Lanes::Time> Lanes::wake_at() const {
    std::optional<Time> earliest;
    const auto consider = [&](const auto& times) {
        if (!stopping_ && !times.empty()) {
            const auto time = times.begin()->first;
            earliest = earliest ? std::min(*earliest, time) : time;
        }
    };
    consider(waiting_);
    consider(deadlines_);
    consider(held_);
    return earliest;
}

void Lanes::taken(Lane& lane, Time now) {
    const auto latency = std::chrono::ceil<std::chrono::milliseconds>(now - lane.begun_at);
    lane.queue.window.succeeded(lane.request, latency, lane.queue.has_ready(), now);
}

void Lanes::pop(Lane& lane) {
    lane.parts.pop_front();
    lane.begin_anew();
    --pending_;
}

std::size_t Lanes::drop(Lane& lane, std::int64_t message) {
    std::size_t bytes = 0;
    for (auto part = lane.parts.begin(); part != lane.parts.end();) {
        if (part->message != message) {
            ++part;
            continue;
        }
        bytes += part->content_bytes();
        part = lane.parts.erase(part);
        --pending_;
    }
    lane.begin_anew();
    return bytes;
}

void Lanes::release(Lane& lane, Time now) {
    lane.state = Lane::State::empty;
    lane.is_probe = false;
    lane.current.reset();
    --lane.queue.active;
    --active_;
    schedule(lane, now);
    list(lane.queue);
}

void Lanes::pause_changed(AccountQueue& queue) {
    std::erase_if(held_, [&](const auto& held) { return held.second == &queue; });
    if (queue.pause.paused()) {
        held_.emplace(queue.pause.until(), &queue);
    } else {
        list(queue);
    }
}

void Lanes::stop() {
    stopping_ = true;
}

Shards Lanes::busy() const {
    Shards busy;
    for (const auto& [key, lane] : lanes_) {
        if (lane->state == Lane::State::under_way) {
            busy |= Shards::one(lane->shard);
        }
    }
    return busy;
}

Lanes::Left Lanes::leave(Shards shards) {
    Left left;
    for (const auto& [key, lane] : lanes_) {
        if (!shards.contain(lane->shard)) {
            continue;
        }
        unready(*lane);
        lane->past_is_stale = lane->state == Lane::State::unread;
        const std::size_t kept = lane->state == Lane::State::under_way ? 1 : 0;
        if (kept == 0) {
            lane->begin_anew();
        }
        while (lane->parts.size() > kept) {
            const auto& part = lane->parts.back();
            left.bytes += part.content_bytes();
            left.messages.push_back(part.message);
            lane->parts.pop_back();
            --pending_;
        }
        lane->knows_past = !lane->queue.is_configured;  // others send from now on
    }
    return left;
}

void Lanes::share_rates(std::size_t gateways) {
    for (auto& [group, rate] : rates_) {
        rate.set(std::max<std::size_t>(options_.group_per_minute / gateways, 1));
    }
}

void Lanes::sweep(Time now) {
    std::erase_if(lanes_, [&](const auto& entry) {
        auto& lane = *entry.second;
        return lane.state == Lane::State::empty && lane.parts.empty() && lane.pacing.prune(now);
    });
}

}  // namespace hermes::durable
