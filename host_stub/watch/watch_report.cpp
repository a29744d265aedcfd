#include "watch/watch_report.hpp"

#include <utility>

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

std::string messages(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " message" : " messages");
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
        if (round.tells_of_store && set_aside_ && *round.set_aside > *set_aside_) {
            told.push_back("set aside: " + messages(*round.set_aside - *set_aside_) + " (" +
                           std::to_string(*round.set_aside) +
                           " in all), which nobody tries any more: see `state dead list`");
        }
        set_aside_ = round.set_aside;
    }
    return told;
}

}  // namespace hermes::host
