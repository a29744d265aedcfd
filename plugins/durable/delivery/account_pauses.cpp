#include "durable/delivery/account_pauses.hpp"

#include <utility>

#include "base/failure.hpp"

namespace hermes::durable {

using base::Severity;

void AccountPauses::pause(Lane& lane, PauseCause cause, base::SteadyTime now, double chance) {
    auto& queue = lane.queue;
    const auto severity =
        cause.error == base::Failure::slow_down ? Severity::warning : Severity::error;
    const PausedAccount account{queue.account.id, queue.account.shown, cause.code, cause.sentence};
    const auto news = queue.pause.failed(std::move(cause), lane.is_probe, now, chance);
    // Known before it is said: who reads the log asks for the state.
    paused_.with([&](auto& known) { known[account.id] = account; });
    if (news != AccountPause::News::none) {
        log_(severity, account.shown + " sends nothing until this has changed, its replies wait: " +
                           account.sentence);
    }
    lanes_.pause_changed(queue);
}

void AccountPauses::succeeded(Lane& lane) {
    if (!std::exchange(lane.is_probe, false)) {
        return;
    }
    auto& queue = lane.queue;
    queue.pause.probe_succeeded();
    paused_.with([&](auto& known) { known.erase(queue.account.id); });
    log_(Severity::info, queue.account.shown + " sends again");
    lanes_.pause_changed(queue);
}

void AccountPauses::told_nothing(Lane& lane, base::SteadyTime now) {
    if (std::exchange(lane.is_probe, false)) {
        lane.queue.pause.probe_told_nothing(now);
        lanes_.pause_changed(lane.queue);
    }
}

void AccountPauses::withdraw(Lane& lane) {
    if (std::exchange(lane.is_probe, false)) {
        lane.queue.pause.probe_withdrawn();
    }
}

void AccountPauses::configured(const std::vector<Account>& accounts) {
    paused_.with([&](auto& known) {
        auto kept = std::exchange(known, {});
        for (const auto& account : accounts) {
            if (const auto found = kept.find(account.id); found != kept.end()) {
                found->second.shown = account.shown;
                known.insert(*found);
            }
        }
    });
}

bool AccountPauses::contain(const std::string& account) const {
    return paused_.with([&](const auto& known) { return known.contains(account); });
}

std::vector<PausedAccount> AccountPauses::list() const {
    return paused_.with([](const auto& known) {
        std::vector<PausedAccount> accounts;
        accounts.reserve(known.size());
        for (const auto& [id, account] : known) {
            accounts.push_back(account);
        }
        return accounts;
    });
}

}  // namespace hermes::durable
