// What to do after an attempt to deliver failed. Pure.
#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <variant>

#include "durable/app_pause.hpp"

namespace hermes::durable {

struct RetryLimits {
    std::chrono::milliseconds backoff_first{1'000};
    std::chrono::milliseconds backoff_max{300'000};
    // Until somebody has mended what keeps this member from being reached.
    std::chrono::milliseconds member_first{30'000};
    std::chrono::milliseconds member_max{300'000};
};

struct FailedAttempt {
    boost::system::error_code error;
    int attempt = 1;          // this was the n-th
    int token_refreshes = 0;  // of them after a dead token, in a row
    std::chrono::steady_clock::time_point now;
    std::chrono::steady_clock::time_point deadline;
    double chance = 0.5;  // uniform in [0, 1): the jitter
};

struct RefreshAndRetry {};  // drop that very token, get another, try again at once
struct RetryAt {
    std::chrono::steady_clock::time_point when;
};
struct PauseApp {
    PauseWaits waits;  // no request of the app helps; this one is tried again with the others
};
struct GiveUp {
    enum class Reason { permanent, deadline };
    Reason reason = Reason::permanent;
};
using NextStep = std::variant<RefreshAndRetry, RetryAt, PauseApp, GiveUp>;

// A second dead token in a row is treated as retry_later, so that a broken token service can't make
// us spin. A wait that would pass the deadline gives up now.
NextStep next_step(const FailedAttempt& failed, const RetryLimits& limits);

}  // namespace hermes::durable
