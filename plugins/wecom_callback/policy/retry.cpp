#include "policy/retry.hpp"

#include <algorithm>

#include "protocol/failure.hpp"

namespace hermes::wecom {
namespace {

using std::chrono::milliseconds;

milliseconds backoff(milliseconds first, int attempt, milliseconds longest) {
    auto wait = std::min(first, longest);
    for (int i = 1; i < attempt && wait < longest; ++i) {
        wait = std::min(wait * 2, longest);
    }
    return wait;
}

milliseconds jittered(milliseconds wait, double chance) {
    const double share = 0.5 + std::clamp(chance, 0.0, 1.0) / 2;
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * share));
}

}  // namespace

NextStep next_step(const FailedAttempt& failed, const RetryLimits& limits) {
    if (failed.error == Failure::fix_setup || failed.error == Failure::give_up) {
        return GiveUp{GiveUp::Reason::permanent};
    }
    if (failed.now >= failed.deadline) {
        return GiveUp{GiveUp::Reason::deadline};
    }
    if (failed.error == Failure::refresh_token && failed.token_refreshes == 0) {
        return RefreshAndRetry{};
    }
    // What is left passes with time. So does, for all we know, an error that no category of ours
    // maps: an accepted message is given up only for a known reason.
    const auto first =
        failed.error == Failure::slow_down ? limits.slow_down_first : limits.backoff_first;
    const auto wait = jittered(backoff(first, failed.attempt, limits.backoff_max), failed.chance);
    if (wait >= failed.deadline - failed.now) {
        return GiveUp{GiveUp::Reason::deadline};
    }
    return RetryAt{failed.now + wait};
}

}  // namespace hermes::wecom
