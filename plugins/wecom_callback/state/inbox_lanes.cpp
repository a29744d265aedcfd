#include "state/inbox_lanes.hpp"

#include <algorithm>
#include <cassert>

namespace hermes::wecom {
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
    return found != lanes_.end() ? *found : *lanes_.try_emplace(key_).first;
}

void InboxLanes::list(Node& node) {
    auto& lane = node.second;
    if (!lane.listed && lane.waiting() > 0 && lane.in_flight < limits_.in_flight_lane) {
        lane.listed = true;
        ready_.push_back(&node);
    }
}

void InboxLanes::unlist_front() {
    ready_.front()->second.listed = false;
    ready_.pop_front();
}

bool InboxLanes::charge_oldest(Lane& lane) {
    return lane.in_flight > 0 && !std::exchange(lane.charged, true);
}

void InboxLanes::put_in_flight(Node& node, std::int64_t seq) {
    ++node.second.in_flight;
    in_flight_.emplace(seq, &node);
}

void InboxLanes::erase_if_empty(Node& node) {
    if (node.second.empty()) {
        lanes_.erase(lanes_.find(std::string_view(node.first)));
    }
}

InboxLanes::Entry InboxLanes::enter(std::string_view account, std::string_view chat,
                                    std::int64_t seq) {
    auto& node = lane(account, chat);
    auto& lane = node.second;
    const bool goes = lane.waiting() == 0 && lane.in_flight < limits_.in_flight_lane &&
                      in_flight_.size() < limits_.in_flight;
    lane.seqs.push_back(seq);
    if (!goes) {
        ++waiting_;
        list(node);
        return Entry::waits;
    }
    put_in_flight(node, seq);
    return charge_oldest(lane) ? Entry::goes_first : Entry::goes;
}

bool InboxLanes::add(std::string_view account, std::string_view chat, std::int64_t seq) {
    if (in_flight_.contains(seq)) {
        return false;
    }
    auto& node = lane(account, chat);
    auto& seqs = node.second.seqs;
    const auto first =
        seqs.begin() + static_cast<Offset>(node.second.begin + node.second.in_flight);
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
    if (ready_.empty() || in_flight_.size() >= limits_.in_flight) {
        return std::nullopt;
    }
    return ready_.front()->second.first_waiting();
}

bool InboxLanes::take_next() {
    assert(!ready_.empty());
    auto& node = *ready_.front();
    unlist_front();
    --waiting_;
    put_in_flight(node, node.second.first_waiting());
    list(node);
    return charge_oldest(node.second);
}

void InboxLanes::drop_next() {
    assert(!ready_.empty());
    auto& node = *ready_.front();
    unlist_front();
    --waiting_;
    node.second.remove(node.second.begin + node.second.in_flight);
    list(node);
    erase_if_empty(node);
}

InboxLanes::Settled InboxLanes::settle(std::int64_t seq) {
    const auto found = in_flight_.find(seq);
    if (found == in_flight_.end()) {
        return {};
    }
    auto& node = *found->second;
    auto& lane = node.second;
    in_flight_.erase(found);
    const auto first = lane.seqs.begin() + static_cast<Offset>(lane.begin);
    const auto index = std::find(first, lane.seqs.end(), seq) - lane.seqs.begin();
    if (index == static_cast<Offset>(lane.begin)) {
        lane.charged = false;
    }
    lane.remove(static_cast<std::size_t>(index));
    --lane.in_flight;
    Settled settled;
    settled.was_in_flight = true;
    if (charge_oldest(lane)) {
        settled.oldest = lane.seqs[lane.begin];
    }
    list(node);
    erase_if_empty(node);
    return settled;
}

std::optional<std::string> InboxLanes::account_of(std::int64_t seq) const {
    const auto found = in_flight_.find(seq);
    if (found == in_flight_.end()) {
        return std::nullopt;
    }
    const auto& key = found->second->first;
    return key.substr(0, key.find('\0'));
}

std::vector<std::int64_t> InboxLanes::charged() const {
    std::vector<std::int64_t> seqs;
    for (const auto& [key, lane] : lanes_) {
        if (lane.charged && lane.in_flight > 0) {
            seqs.push_back(lane.seqs[lane.begin]);
        }
    }
    return seqs;
}

}  // namespace hermes::wecom
