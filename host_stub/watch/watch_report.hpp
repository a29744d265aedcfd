// What has changed between one look at the set-up and the next, in sentences for an administrator:
// each change once. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hermes/ext/doctor.hpp"

namespace hermes::host {

struct WatchRound {
    std::vector<Finding> findings{};
    std::optional<std::int64_t> set_aside{};  // messages; nothing if nobody could say
    bool tells_of_store = true;               // no other gateway tells what is in the store
};

class WatchReport {
public:
    // `told`: of an earlier run. Without it, what was set aside before the first round is known.
    explicit WatchReport(std::optional<std::int64_t> told = std::nullopt) : told_(told) {}

    // What somebody has to be told after this round. A check has turned bad, or good again, when
    // two rounds in a row say so: what a network does for a moment is no change. One that could
    // not be made says nothing. What failed at the beginning has turned bad.
    std::vector<std::string> take(const WatchRound& round);

    // Of how many messages that were set aside somebody has been told.
    std::optional<std::int64_t> told() const noexcept { return told_; }

    bool is_anything_unsure() const noexcept { return unsure_; }  // the next round decides
    bool is_anything_failing() const noexcept { return failing_; }

private:
    std::int64_t untold(std::int64_t set_aside, bool tells);

    struct Check {
        bool is_bad = false;     // as was told
        bool was_other = false;  // in the last round
    };

    std::map<std::string, Check> checks_{};      // by the finding's subject
    std::optional<std::int64_t> told_, seen_{};  // of what is set aside
    bool unsure_ = false;
    bool failing_ = false;
};

}  // namespace hermes::host
