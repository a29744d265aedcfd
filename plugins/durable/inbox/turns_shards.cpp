// Turns where gateways share a database: shards come and go, and others store what is of them.
#include <algorithm>
#include <cstddef>
#include <utility>

#include "durable/inbox/turns.hpp"

namespace hermes::durable {

// No more than a page: they come with all that was written in them.
std::vector<std::int64_t> Turns::take_stored() {
    const auto count = std::min(stored_.size(), static_cast<std::size_t>(limits_.page_rows));
    const auto end = stored_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<std::int64_t> seqs(stored_.begin(), end);
    stored_.erase(stored_.begin(), end);
    return seqs;
}

void Turns::take(Shards shards) {
    is_shared_ = true;
    own_ |= shards;
    look_through(shards);
}

void Turns::look_through(Shards shards) {
    fresh_ |= shards;
    if (has_begun_) {
        apart_ |= shards;
    }
}

std::vector<std::int64_t> Turns::leave(Shards shards) {
    own_ -= shards;
    held_back_ -= shards;
    fresh_ -= shards;
    apart_ -= shards;
    auto were_in_flight = lanes_.forget(shards, InboxLanes::Forgotten::all);
    drop_steps_of_gone();
    return were_in_flight;
}

std::vector<std::int64_t> Turns::hold_back(Shards shards) {
    const auto before = std::exchange(held_back_, shards);
    look_through(before - shards);  // what has come of them meanwhile
    const auto more = shards - before;
    fresh_ -= more;
    apart_ -= more;
    if (more.empty()) {
        return {};
    }
    auto were_in_flight = lanes_.forget(more, InboxLanes::Forgotten::unbegun);
    drop_steps_of_gone();
    return were_in_flight;
}

std::vector<std::int64_t> Turns::refused(std::int64_t seq) {
    if (!lanes_.is_in_flight(seq)) {
        return {};
    }
    return hold_back(held_back_ | Shards::one(lanes_.shard_of(seq)));
}

void Turns::drop_steps_of_gone() {
    std::erase_if(steps_, [this](const Step& step) {
        const auto* hand_over = std::get_if<HandOver>(&step);
        const auto* make_ready = std::get_if<MakeReady>(&step);
        const auto* charge = std::get_if<WriteCharge>(&step);
        return (hand_over != nullptr && !lanes_.is_in_flight(hand_over->event.seq)) ||
               (make_ready != nullptr && !lanes_.is_in_flight(make_ready->event.seq)) ||
               (charge != nullptr && !lanes_.is_in_flight(charge->seq));
    });
}

void Turns::look_at(const std::vector<std::int64_t>& seqs) {
    if (has_begun_) {
        stored_.insert(stored_.end(), seqs.begin(), seqs.end());
    }
}

void Turns::stored_read(std::vector<StoredEvent> events) {
    reading_ = Reading::nothing;
    for (auto& event : events) {
        if (loading_) {  // anew, since it was asked for: older ones may come first
            stored_.push_back(event.seq);
            continue;
        }
        loaded_ = std::max(loaded_, event.seq);
        const bool waits =
            take_in({event.seq, event.account, event.chat, event.attempt - 1, event.urgent});
        if (waits && lanes_.next() == event.seq) {
            take_next(std::move(event));
        }
    }
}

}  // namespace hermes::durable
