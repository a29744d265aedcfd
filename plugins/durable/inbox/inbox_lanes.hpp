// Whose turn is it: the unsettled events of all lanes, as numbers.
//
// Pure, and small: a hundred thousand lanes with one event each stay below 30 MB. An event waits,
// or it is in flight; within a lane it goes from the one to the other in order. Lanes take turns.
// Urgent events are in no order with their lane: they go first, and have a window of their own.
// An event that is not ready yet is in flight, and nothing of its lane follows until it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "durable/database/shards.hpp"

namespace hermes::durable {

struct LaneLimits {
    std::size_t in_flight;       // all lanes, without the urgent ones
    std::size_t in_flight_lane;  // one lane
    std::size_t urgent;          // urgent ones in flight
};

enum class Urgency { ordinary, urgent };

// Whether an event can be handed over when its turn comes, or its files are waited for first.
enum class Readiness { ready, awaited };

// An attempt's charge on its way to the disk.
enum class Charge { none, being_written, durable };

class InboxLanes {
public:
    explicit InboxLanes(LaneLimits limits) : limits_(limits) {}
    InboxLanes(const InboxLanes&) = delete;
    InboxLanes& operator=(const InboxLanes&) = delete;

    // A new event, younger than all of its lane. True: it is in flight, at its first attempt.
    // False: it waits, behind others or because a window is closed.
    bool enter(std::string_view account, std::string_view chat, std::int64_t seq, Urgency urgency,
               Readiness readiness = Readiness::ready);

    // An event that waits, wherever its place is. False if it is known already.
    bool add(std::string_view account, std::string_view chat, std::int64_t seq, Urgency urgency);

    // The event whose turn it is, if the windows allow one. It waits until one of the next two.
    std::optional<std::int64_t> next() const;
    // It is in flight now, at that attempt.
    void take_next(int attempt, Readiness readiness = Readiness::ready);
    // It was not pending any more.
    void drop_next();

    // What was awaited is ready: true once, if it is in flight.
    bool make_ready(std::int64_t seq);

    // Finished with. Without effect unless it is in flight.
    void settle(std::int64_t seq);

    struct Flight {
        int attempt = 1;
        Charge charge = Charge::none;
    };
    // Those with an event with which the agent has begun.
    Shards busy() const;
    // Forgets what is in these, in flight too: those are returned.
    enum class Forgotten { all, unbegun };  // but for those with which the agent has begun
    std::vector<std::int64_t> forget(Shards shards, Forgotten which);

    // Of an event in flight, else nullptr; valid until the next change.
    Flight* in_flight(std::int64_t seq);
    bool is_in_flight(std::int64_t seq) const { return in_flight_.contains(seq); }
    int shard_of(std::int64_t seq) const { return in_flight_.at(seq).lane->second.shard; }
    // The events in flight that have been charged, and with which attempt.
    std::vector<std::pair<std::int64_t, int>> charged() const;
    std::size_t in_flight() const noexcept { return in_flight_.size(); }
    std::size_t waiting() const noexcept { return waiting_ + urgent_waiting_.size(); }

private:
    // Ordinary seqs from `begin` on: first those in flight, in the order of hand-over, then those
    // that wait, in order. A vector with a moving begin, since a std::deque takes 576 bytes when
    // empty.
    struct Lane {
        std::vector<std::int64_t> seqs;
        std::uint32_t begin = 0;
        std::uint32_t in_flight = 0;
        std::uint32_t urgent = 0;  // waiting or in flight: they keep the lane's name alive
        bool listed = false;       // in ready_
        bool held = false;         // its youngest in flight is not ready
        std::uint8_t shard = 0;

        bool empty() const noexcept { return begin == seqs.size() && urgent == 0; }
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

    struct Entry {
        Node* lane;
        Urgency urgency;
        Readiness readiness;
        Flight flight{};
    };

    Node& lane(std::string_view account, std::string_view chat);
    void list(Node& node);
    void unlist_front();
    void put_in_flight(Node& node, std::int64_t seq, int attempt, Urgency urgency,
                       Readiness readiness);
    bool urgent_may_go() const noexcept;
    bool ordinary_may_go() const noexcept;
    void erase_if_empty(Node& node);

    LaneLimits limits_;
    LaneMap lanes_;
    std::unordered_map<std::int64_t, Entry> in_flight_;
    std::map<std::int64_t, Node*> urgent_waiting_;
    std::size_t urgent_in_flight_ = 0;
    std::deque<Node*> ready_;  // lanes in which something waits that may go
    std::size_t waiting_ = 0;  // ordinary
    std::string key_;          // kept for its memory
};

}  // namespace hermes::durable
