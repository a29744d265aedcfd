#include "durable/delivery/pacing.hpp"

#include <algorithm>

namespace hermes::durable {
namespace {

constexpr std::chrono::minutes minute{1};
constexpr std::chrono::hours hour{1};

}  // namespace

Pacing::Time Pacing::next_slot(Time now) const {
    auto slot = now;
    const auto keep_within = [&](std::size_t limit, Time::duration window) {
        if (limit > 0 && sent_.size() >= limit) {
            slot = std::max(slot, sent_[sent_.size() - limit] + window);
        }
    };
    keep_within(limits_.per_minute, minute);
    keep_within(limits_.per_hour, hour);
    return slot;
}

void Pacing::sent(Time when) {
    sent_.push_back(sent_.empty() ? when : std::max(when, sent_.back()));
    const auto remembered = std::max(limits_.per_minute, limits_.per_hour);
    if (sent_.size() > remembered) {
        sent_.pop_front();
    }
}

bool Pacing::prune(Time now) {
    while (!sent_.empty() && sent_.front() + hour <= now) {
        sent_.pop_front();
    }
    return sent_.empty();
}

}  // namespace hermes::durable
