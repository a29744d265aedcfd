// The lanes of two accounts, and a platform that takes what has its turn when the test says so.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "durable/delivery/lanes.hpp"

namespace hermes::durable {

using namespace std::chrono_literals;
inline constexpr Lanes::Time noon{1'000'000s};

inline const std::vector<Account>& accounts() {
    static const std::vector<Account> known{{"ww1:1", "app hr"}, {"ww1:2", "app it"}};
    return known;
}

// Lanes whose past is known to be empty.
struct LanesRig {
    explicit LanesRig(PacingLimits pacing = {}) : lanes(accounts(), {.pacing = pacing}) {}
    explicit LanesRig(LaneOptions options) : lanes(accounts(), options) {}

    Lanes::Added add(std::int64_t seq, const std::string& app, const std::string& chat,
                     Lanes::Time deadline = noon + 24h) {
        QueuedPart part;
        part.seq = seq;
        part.message = seq;
        part.not_before = noon;
        part.deadline = deadline;
        const auto added = lanes.add(std::move(part), app, chat, now);
        while (auto* lane = lanes.next_unread()) {
            lanes.know_past(*lane, {}, now);
        }
        return added;
    }

    // The numbers of all parts that have their turn now.
    std::vector<std::int64_t> turns() {
        std::vector<std::int64_t> seqs;
        while (auto* lane = lanes.next(now)) {
            under_way.push_back(lane);
            seqs.push_back(lane->parts.front().seq);
        }
        return seqs;
    }

    void deliver_first() {
        auto* lane = under_way.front();
        under_way.erase(under_way.begin());
        lane->pacing.sent(now);
        lanes.pop(*lane);
        lanes.release(*lane, now);
    }

    Lanes lanes;
    Lanes::Time now = noon;
    std::vector<Lane*> under_way{};
};

using Seqs = std::vector<std::int64_t>;

inline PauseCause cause() {
    return {.waits = setup_waits, .error = StateError::corrupt};
}

}  // namespace hermes::durable
