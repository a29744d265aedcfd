#include "durable/delivery/account_pause.hpp"

#include <algorithm>
#include <utility>

#include "base/backoff.hpp"

namespace hermes::durable {

AccountPause::News AccountPause::failed(PauseCause cause, bool probe, Time now, double chance) {
    if (paused_ && !probe) {
        return News::none;
    }
    const bool same = paused_ && cause.error == cause_.error && cause.sentence == cause_.sentence;
    const auto news = !paused_ ? News::paused : same ? News::none : News::another_cause;
    wait_ = news == News::none ? std::min(wait_ * 2, cause.waits.longest) : cause.waits.first;
    until_ = now + base::jittered(wait_, chance);
    cause_ = std::move(cause);
    paused_ = true;
    probing_ = false;
    return news;
}

void AccountPause::probe_succeeded() noexcept {
    paused_ = false;
    probing_ = false;
}

void AccountPause::probe_told_nothing(Time now) noexcept {
    probing_ = false;
    until_ = now + wait_;
}

}  // namespace hermes::durable
