#include "durable/inbox/inbox_lanes.hpp"

#include <algorithm>
#include <cassert>

namespace hermes::durable {
namespace {

using Offset = std::vector<std::int64_t>::difference_type;

}  // namespace

// Everything before `index` moves up by one; at most a window's worth when it is in flight.
void InboxLanes::Lane::remove(std::size_t index) {
    const auto first = seqs.begin() + static_cast<Offset>(begin);
    const auto gone = seqs.begin() + static_cast<Offset>(index);
    std::move_backward(first, gone, gone + 1);
    ++begin;
    if (begin > 32 && begin > seqs.size() / 2) {
        seqs.erase(seqs.begin(), seqs.begin() + static_cast<Offset>(begin));
        begin = 0;
    }
}

InboxLanes::Node& InboxLanes::lane(std::string_view account, std::string_view chat) {
    key_.assign(account).push_back('\0');
    key_.append(chat);
    const auto found = lanes_.find(std::string_view(key_));
    if (found != lanes_.end()) {
        return *found;
    }
    auto& made = *lanes_.try_emplace(key_).first;
    made.second.shard = static_cast<std::uint8_t>(durable::shard_of(account, chat));
    return made;
}

void InboxLanes::list(Node& node) {
    auto& lane = node.second;
    if (!lane.listed && !lane.held && lane.waiting() > 0 &&
        lane.in_flight < limits_.in_flight_lane) {
        lane.listed = true;
        ready_.push_back(&node);
    }
}

void InboxLanes::unlist_front() {
    ready_.front()->second.listed = false;
    ready_.pop_front();
}

bool InboxLanes::urgent_may_go() const noexcept {
    return urgent_in_flight_ < limits_.urgent;
}

bool InboxLanes::ordinary_may_go() const noexcept {
    return in_flight_.size() - urgent_in_flight_ < limits_.in_flight;
}

void InboxLanes::put_in_flight(Node& node, std::int64_t seq, int attempt, Urgency urgency,
                               Readiness readiness) {
    if (urgency == Urgency::urgent) {
        ++urgent_in_flight_;
    } else {
        ++node.second.in_flight;
        node.second.held = readiness == Readiness::awaited;
    }
    in_flight_.emplace(seq, Entry{&node, urgency, readiness, {attempt, Charge::none}});
}

void InboxLanes::erase_if_empty(Node& node) {
    if (node.second.empty()) {
        lanes_.erase(lanes_.find(std::string_view(node.first)));
    }
}

bool InboxLanes::enter(std::string_view account, std::string_view chat, std::int64_t seq,
                       Urgency urgency, Readiness readiness) {
    auto& node = lane(account, chat);
    auto& lane = node.second;
    if (urgency == Urgency::urgent) {
        ++lane.urgent;
        const bool goes = urgent_waiting_.empty() && urgent_may_go();
        if (goes) {
            put_in_flight(node, seq, 1, urgency, readiness);
        } else {
            urgent_waiting_.emplace(seq, &node);
        }
        return goes;
    }
    const bool goes = lane.waiting() == 0 && !lane.held &&
                      lane.in_flight < limits_.in_flight_lane && ordinary_may_go();
    lane.seqs.push_back(seq);
    if (!goes) {
        ++waiting_;
        list(node);
        return false;
    }
    put_in_flight(node, seq, 1, urgency, readiness);
    return true;
}

bool InboxLanes::add(std::string_view account, std::string_view chat, std::int64_t seq,
                     Urgency urgency) {
    if (in_flight_.contains(seq) || urgent_waiting_.contains(seq)) {
        return false;
    }
    auto& node = lane(account, chat);
    if (urgency == Urgency::urgent) {
        ++node.second.urgent;
        urgent_waiting_.emplace(seq, &node);
        return true;
    }
    auto& seqs = node.second.seqs;
    const auto first = seqs.begin() + static_cast<Offset>(node.second.begin) +
                       static_cast<Offset>(node.second.in_flight);
    const auto place = std::lower_bound(first, seqs.end(), seq);
    if (place != seqs.end() && *place == seq) {
        return false;
    }
    seqs.insert(place, seq);
    ++waiting_;
    list(node);
    return true;
}

std::optional<std::int64_t> InboxLanes::next() const {
    if (!urgent_waiting_.empty() && urgent_may_go()) {
        return urgent_waiting_.begin()->first;
    }
    if (ready_.empty() || !ordinary_may_go()) {
        return std::nullopt;
    }
    return ready_.front()->second.first_waiting();
}

void InboxLanes::take_next(int attempt, Readiness readiness) {
    if (!urgent_waiting_.empty() && urgent_may_go()) {
        const auto first = urgent_waiting_.begin();
        put_in_flight(*first->second, first->first, attempt, Urgency::urgent, readiness);
        urgent_waiting_.erase(first);
        return;
    }
    assert(!ready_.empty());
    auto& node = *ready_.front();
    unlist_front();
    --waiting_;
    put_in_flight(node, node.second.first_waiting(), attempt, Urgency::ordinary, readiness);
    list(node);
}

void InboxLanes::drop_next() {
    if (!urgent_waiting_.empty() && urgent_may_go()) {
        auto& node = *urgent_waiting_.begin()->second;
        urgent_waiting_.erase(urgent_waiting_.begin());
        --node.second.urgent;
        erase_if_empty(node);
        return;
    }
    assert(!ready_.empty());
    auto& node = *ready_.front();
    unlist_front();
    --waiting_;
    node.second.remove(node.second.begin + node.second.in_flight);
    list(node);
    erase_if_empty(node);
}

bool InboxLanes::make_ready(std::int64_t seq) {
    const auto found = in_flight_.find(seq);
    if (found == in_flight_.end() || found->second.readiness == Readiness::ready) {
        return false;
    }
    found->second.readiness = Readiness::ready;
    if (found->second.urgency == Urgency::ordinary) {
        found->second.lane->second.held = false;
        list(*found->second.lane);
    }
    return true;
}

void InboxLanes::settle(std::int64_t seq) {
    const auto found = in_flight_.find(seq);
    if (found == in_flight_.end()) {
        return;
    }
    make_ready(seq);
    auto& node = *found->second.lane;
    auto& lane = node.second;
    const auto urgency = found->second.urgency;
    in_flight_.erase(found);
    if (urgency == Urgency::urgent) {
        --urgent_in_flight_;
        --lane.urgent;
    } else {
        const auto first = lane.seqs.begin() + static_cast<Offset>(lane.begin);
        const auto index = std::find(first, lane.seqs.end(), seq) - lane.seqs.begin();
        lane.remove(static_cast<std::size_t>(index));
        --lane.in_flight;
        list(node);
    }
    erase_if_empty(node);
}

Shards InboxLanes::busy() const {
    Shards busy;
    for (const auto& [seq, entry] : in_flight_) {
        if (entry.flight.charge != Charge::none) {
            busy |= Shards::one(entry.lane->second.shard);
        }
    }
    return busy;
}

std::vector<std::int64_t> InboxLanes::forget(Shards shards, Forgotten which) {
    const auto is_meant = [shards](const Node* node) { return shards.contain(node->second.shard); };
    std::vector<std::int64_t> were_in_flight;
    for (const auto& [seq, entry] : in_flight_) {
        if (is_meant(entry.lane) &&
            (which == Forgotten::all || entry.flight.charge == Charge::none)) {
            were_in_flight.push_back(seq);
        }
    }
    for (const auto seq : were_in_flight) {
        settle(seq);
    }
    std::erase_if(ready_, is_meant);
    std::erase_if(urgent_waiting_, [&](const auto& one) {
        const bool gone = is_meant(one.second);
        one.second->second.urgent -= gone ? 1U : 0U;
        return gone;
    });
    for (auto& node : lanes_) {
        if (is_meant(&node)) {
            auto& lane = node.second;
            waiting_ -= lane.waiting();
            lane.seqs.resize(lane.begin + lane.in_flight);
            lane.listed = false;
        }
    }
    std::erase_if(lanes_, [](const Node& node) { return node.second.empty(); });
    return were_in_flight;
}

InboxLanes::Flight* InboxLanes::in_flight(std::int64_t seq) {
    const auto found = in_flight_.find(seq);
    return found == in_flight_.end() ? nullptr : &found->second.flight;
}

std::vector<std::pair<std::int64_t, int>> InboxLanes::charged() const {
    std::vector<std::pair<std::int64_t, int>> charged;
    for (const auto& [seq, entry] : in_flight_) {
        if (entry.flight.charge != Charge::none) {
            charged.emplace_back(seq, entry.flight.attempt);
        }
    }
    return charged;
}

}  // namespace hermes::durable
