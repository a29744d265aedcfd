// What to do after an attempt to deliver failed. Pure.
#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <variant>

#include "durable/delivery/account_pause.hpp"

namespace hermes::durable {

struct RetryLimits {
    std::chrono::milliseconds backoff_first{1'000};
    std::chrono::milliseconds backoff_max{300'000};
    // Until somebody has mended what keeps this member from being reached.
    std::chrono::milliseconds member_first{30'000};
    std::chrono::milliseconds member_max{300'000};
    // So long errors that nobody explains may follow each other: what is behind it in its chat must
    // not stand there for a day.
    std::chrono::milliseconds unexplained_longest{3'600'000};
};

struct FailedAttempt {
    boost::system::error_code error;
    int attempt = 1;  // this was the n-th
    // Since the first of the last ones, this one too, that failed for no reason we know.
    std::chrono::steady_clock::duration unexplained_for{0};
    std::chrono::steady_clock::time_point now;
    std::chrono::steady_clock::time_point deadline;
    double chance = 0.5;  // uniform in [0, 1): the jitter
};

struct RetryAt {
    std::chrono::steady_clock::time_point when;
};
struct PauseAccount {
    PauseWaits waits;  // no request of the account helps; this one is tried again with the others
};
struct GiveUp {
    enum class Reason { permanent, deadline };
    Reason reason = Reason::permanent;
};
using NextStep = std::variant<RetryAt, PauseAccount, GiveUp>;

// A dead token is treated as retry_later: the courier has tried a fresh one (courier.hpp), and a
// broken token service must not make us spin. A wait that would pass the deadline gives up now.
NextStep next_step(const FailedAttempt& failed, const RetryLimits& limits);

}  // namespace hermes::durable
