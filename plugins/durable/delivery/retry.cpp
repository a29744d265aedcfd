#include "durable/delivery/retry.hpp"

#include "base/backoff.hpp"
#include "base/failure.hpp"

namespace hermes::durable {
namespace {

NextStep retry_after(std::chrono::milliseconds wait, const FailedAttempt& failed) {
    if (wait >= failed.deadline - failed.now) {
        return GiveUp{GiveUp::Reason::deadline};
    }
    return RetryAt{failed.now + wait};
}

}  // namespace

NextStep next_step(const FailedAttempt& failed, const RetryLimits& limits) {
    const bool is_hopeless = failed.unexplained_for >= limits.unexplained_longest;
    if (failed.error == base::Failure::give_up || is_hopeless) {
        return GiveUp{GiveUp::Reason::permanent};
    }
    if (failed.now >= failed.deadline) {
        return GiveUp{GiveUp::Reason::deadline};
    }
    if (failed.error == base::Failure::slow_down) {
        return PauseAccount{slow_down_waits};
    }
    if (failed.error == base::Failure::fix_secret) {
        return PauseAccount{secret_waits};
    }
    if (failed.error == base::Failure::fix_setup) {
        return PauseAccount{setup_waits};
    }
    if (failed.error == base::Failure::fix_member) {
        return retry_after(
            base::jittered(base::backoff(limits.member_first, failed.attempt, limits.member_max),
                           failed.chance),
            failed);
    }
    // What is left passes with time. So does, for all we know, an error that no category of ours
    // maps: an accepted message is not given up for an unknown reason that came once.
    return retry_after(
        base::jittered(base::backoff(limits.backoff_first, failed.attempt, limits.backoff_max),
                       failed.chance),
        failed);
}

}  // namespace hermes::durable
