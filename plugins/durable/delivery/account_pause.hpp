// Whether an account may send: nothing stops, or it is paused and one request at a time looks
// whether it may go on. Pure.
//
//   open    -- its own failure ---> paused until t
//   paused  -- t has come ----------> one probe is let through
//   probe   -- it worked -----------> open
//           -- it failed again -----> paused, for longer
//           -- nothing was learned -> paused, for as long again
#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <string>

#include "hermes/send_result.hpp"

namespace hermes::durable {

// What pauses an account, and how the waits grow.
struct PauseWaits {
    std::chrono::milliseconds first;
    std::chrono::milliseconds longest;
};
// The platform asks for fewer requests, and counts them by the minute.
inline constexpr PauseWaits slow_down_waits{std::chrono::minutes{1}, std::chrono::minutes{1}};
// A person has to change something.
inline constexpr PauseWaits setup_waits{std::chrono::seconds{30}, std::chrono::minutes{5}};
// A platform may block for long who goes on with a wrong secret, as WeCom does for an hour.
inline constexpr PauseWaits secret_waits{std::chrono::minutes{1}, std::chrono::minutes{30}};

struct PauseCause {
    PauseWaits waits;
    boost::system::error_code error;
    SendError refusal = SendError::forbidden;  // what a sender is told whose time ran out meanwhile
    int code = 0;                              // the platform's, 0 if there is none
    std::string sentence{};                    // for the operator
};

class AccountPause {
public:
    using Time = std::chrono::steady_clock::time_point;

    bool paused() const noexcept { return paused_; }
    const PauseCause& cause() const noexcept { return cause_; }
    // When the next probe may go; only while paused and none is under way.
    Time until() const noexcept { return until_; }
    bool probe_due(Time now) const noexcept { return paused_ && !probing_ && now >= until_; }

    void probe_begins() noexcept { probing_ = true; }

    enum class News { none, paused, another_cause };
    // A request failed because of the account. `chance`, uniform in [0, 1), spreads the waits of
    // many accounts; `probe`: it was the probe. What was under way when the pause began changes
    // nothing.
    News failed(PauseCause cause, bool probe, Time now, double chance);
    // The probe was taken. The pause is over.
    void probe_succeeded() noexcept;
    // It failed in a way that says nothing about the account.
    void probe_told_nothing(Time now) noexcept;
    // Something was changed: a probe may go at once.
    void try_again(Time now) noexcept { until_ = now; }
    // It was not sent at all: another one may go at once.
    void probe_withdrawn() noexcept { probing_ = false; }

private:
    bool paused_ = false;
    bool probing_ = false;
    std::chrono::milliseconds wait_{0};
    Time until_{};
    PauseCause cause_{};
};

}  // namespace hermes::durable
