// What to do after an attempt to deliver failed.
#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <variant>

namespace hermes::wecom {

struct RetryLimits {
    std::chrono::milliseconds backoff_first{1'000};
    std::chrono::milliseconds backoff_max{300'000};
    std::chrono::milliseconds slow_down_first{60'000};  // after 45009 and its like
};

struct FailedAttempt {
    boost::system::error_code error;
    int attempt = 1;          // this was the n-th
    int token_refreshes = 0;  // of them after a dead token, in a row
    std::chrono::system_clock::time_point now;
    std::chrono::system_clock::time_point deadline;
    double chance = 0.5;  // uniform in [0, 1): the jitter
};

struct RefreshAndRetry {};  // drop that very token, get another, try again at once
struct RetryAt {
    std::chrono::system_clock::time_point when;
};
struct GiveUp {
    enum class Reason { permanent, deadline };
    Reason reason = Reason::permanent;
};
using NextStep = std::variant<RefreshAndRetry, RetryAt, GiveUp>;

// Wait n is first * 2^(n-1), at most backoff_max, times 0.5 + chance / 2. A second dead token in a
// row is treated as retry_later, so that a broken token service can't make us spin. A wait that
// would pass the deadline gives up now.
NextStep next_step(const FailedAttempt& failed, const RetryLimits& limits);

}  // namespace hermes::wecom
