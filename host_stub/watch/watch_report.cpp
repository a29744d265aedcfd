#include "watch/watch_report.hpp"

#include <algorithm>
#include <utility>

#include "output/count_of.hpp"

namespace hermes::host {
namespace {

using Verdict = Finding::Verdict;

struct Judgement {
    bool is_bad = false;
    std::string sentence{};  // of what is bad first
};

// A subject may have several findings: it is bad if one of them is.
std::map<std::string, Judgement> judgements(const std::vector<Finding>& findings) {
    std::map<std::string, Judgement> all;
    for (const auto& [verdict, subject, sentence] : findings) {
        if (verdict != Verdict::skipped) {
            auto& judgement = all[subject];
            if (verdict == Verdict::failed && !std::exchange(judgement.is_bad, true)) {
                judgement.sentence = sentence;
            }
        }
    }
    return all;
}

}  // namespace

std::vector<std::string> WatchReport::take(const WatchRound& round) {
    std::vector<std::string> told;
    unsure_ = failing_ = false;
    for (const auto& [subject, judgement] : judgements(round.findings)) {
        auto& check = checks_[subject];
        const bool is_other = judgement.is_bad != check.is_bad;
        if (is_other && check.was_other) {
            check = {judgement.is_bad, false};
            told.push_back(judgement.is_bad ? "FAILED: " + subject + ": " + judgement.sentence
                                            : "good again: " + subject);
        } else {
            check.was_other = is_other;
            unsure_ = unsure_ || is_other;
        }
        failing_ = failing_ || judgement.is_bad;
    }
    if (round.set_aside) {
        if (const auto more = untold(*round.set_aside, round.tells_of_store); more > 0) {
            told.push_back("set aside: " + count_of(more, "message") + " (" +
                           std::to_string(*round.set_aside) +
                           " in all), which nobody tries any more: see `state dead list`");
        }
    }
    return told;
}

// What another gateway is to tell it may not have told before it ended: of what is new in this
// round it is not sure. Two may tell the same, rather than nobody.
std::int64_t WatchReport::untold(std::int64_t set_aside, bool tells) {
    const auto known = std::min(told_.value_or(set_aside), set_aside);
    told_ = tells ? set_aside : std::min(seen_.value_or(known), set_aside);
    seen_ = set_aside;
    return tells ? set_aside - known : 0;
}

}  // namespace hermes::host
