#include "api/app_pauses.hpp"

#include <utility>

#include "protocol/api_error.hpp"

namespace hermes::wecom {

using base::Severity;

int code_of(boost::system::error_code error) {
    return error.category() == api_category() ? error.value() : 0;
}

void AppPauses::pause(Lane& lane, durable::PauseCause cause, double chance) {
    auto& queue = lane.queue;
    const auto severity =
        cause.error == base::Failure::slow_down ? Severity::warning : Severity::error;
    const PausedApp app{queue.app->name, code_of(cause.error), cause.sentence};
    const auto news = queue.pause.failed(std::move(cause), lane.probe, thread_.now(), chance);
    if (news != durable::AppPause::News::none) {
        log_(severity,
             "app " + app.name +
                 " sends nothing until this has changed, its replies wait: " + app.sentence);
    }
    paused_.with([&](auto& known) { known[queue.account] = app; });
    lanes_.pause_changed(queue);
}

void AppPauses::succeeded(Lane& lane) {
    if (!std::exchange(lane.probe, false)) {
        return;
    }
    auto& queue = lane.queue;
    queue.pause.probe_succeeded();
    paused_.with([&](auto& known) { known.erase(queue.account); });
    log_(Severity::info, "app " + queue.app->name + " sends again");
    lanes_.pause_changed(queue);
}

void AppPauses::told_nothing(Lane& lane) {
    if (std::exchange(lane.probe, false)) {
        lane.queue.pause.probe_told_nothing(thread_.now());
        lanes_.pause_changed(lane.queue);
    }
}

void AppPauses::withdraw(Lane& lane) {
    if (std::exchange(lane.probe, false)) {
        lane.queue.pause.probe_withdrawn();
    }
}

bool AppPauses::contain(const std::string& account) const {
    return paused_.with([&](const auto& known) { return known.contains(account); });
}

std::vector<PausedApp> AppPauses::list() const {
    return paused_.with([](const auto& known) {
        std::vector<PausedApp> apps;
        for (const auto& [account, app] : known) {
            apps.push_back(app);
        }
        return apps;
    });
}

}  // namespace hermes::wecom
