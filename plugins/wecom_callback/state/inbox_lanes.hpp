// Whose turn is it: the unsettled events of all lanes, as numbers.
//
// Pure, and small: a hundred thousand lanes with one event each stay below 30 MB. An event waits,
// or it is in flight; within a lane it goes from the one to the other in order. Lanes take turns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hermes::wecom {

struct LaneLimits {
    std::size_t in_flight;       // all lanes
    std::size_t in_flight_lane;  // one lane
};

class InboxLanes {
public:
    explicit InboxLanes(LaneLimits limits) : limits_(limits) {}
    InboxLanes(const InboxLanes&) = delete;
    InboxLanes& operator=(const InboxLanes&) = delete;

    enum class Entry {
        waits,      // in its lane, behind others or because a window is closed
        goes,       // in flight
        goes_first  // in flight, as the oldest of its lane: it is to be charged
    };
    // A new event, younger than all of its lane.
    Entry enter(std::string_view account, std::string_view chat, std::int64_t seq);

    // An event that waits, wherever its place is. False if it is known already.
    bool add(std::string_view account, std::string_view chat, std::int64_t seq);

    // The event whose turn it is, if the windows allow one. It waits until one of the next two.
    std::optional<std::int64_t> next() const;
    // It is in flight now. True: as the oldest of its lane, so it is to be charged.
    bool take_next();
    // It was not pending any more.
    void drop_next();

    struct Settled {
        bool was_in_flight = false;
        std::optional<std::int64_t> oldest;  // of the lane now, to be charged
    };
    Settled settle(std::int64_t seq);

    // Of an event in flight.
    std::optional<std::string> account_of(std::int64_t seq) const;
    // The events in flight that have been charged.
    std::vector<std::int64_t> charged() const;
    std::size_t in_flight() const noexcept { return in_flight_.size(); }
    std::size_t waiting() const noexcept { return waiting_; }

private:
    // Seqs from `begin` on: first those in flight, in the order of hand-over, then those that wait,
    // in order. A vector with a moving begin, since a std::deque takes 576 bytes when empty.
    struct Lane {
        std::vector<std::int64_t> seqs;
        std::uint32_t begin = 0;
        std::uint32_t in_flight = 0;
        bool charged = false;  // the oldest one in flight
        bool listed = false;   // in ready_

        bool empty() const noexcept { return begin == seqs.size(); }
        std::size_t waiting() const noexcept { return seqs.size() - begin - in_flight; }
        std::int64_t first_waiting() const noexcept { return seqs[begin + in_flight]; }
        void remove(std::size_t index);
    };
    // Key: account, NUL, chat.
    struct KeyHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const noexcept {
            return std::hash<std::string_view>()(key);
        }
    };
    using LaneMap = std::unordered_map<std::string, Lane, KeyHash, std::equal_to<>>;
    using Node = LaneMap::value_type;  // its address is stable

    Node& lane(std::string_view account, std::string_view chat);
    void list(Node& node);
    void unlist_front();
    bool charge_oldest(Lane& lane);
    void put_in_flight(Node& node, std::int64_t seq);
    void erase_if_empty(Node& node);

    LaneLimits limits_;
    LaneMap lanes_;
    std::unordered_map<std::int64_t, Node*> in_flight_;
    std::deque<Node*> ready_;  // lanes in which something waits and whose window is open
    std::size_t waiting_ = 0;
    std::string key_;  // kept for its memory
};

}  // namespace hermes::wecom
