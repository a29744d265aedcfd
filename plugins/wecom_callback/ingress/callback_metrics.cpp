#include "ingress/callback_metrics.hpp"

#include <array>
#include <cstddef>

namespace hermes::wecom {

namespace {

// In the order of the outcomes.
constexpr std::array words{"accepted", "duplicate", "ignored",    "unknown",
                           "refused",  "forbidden", "unavailable"};

// WeCom gives up after 5 s.
std::vector<double> acknowledgement_bounds() {
    return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
}

}  // namespace

CallbackMetrics::CallbackMetrics(http::Metrics& metrics, const CurrentApps& apps)
    : metrics_(metrics),
      apps_(apps),
      seconds_(metrics.histogram("wecom_callback_seconds",
                                 "From a callback's first byte to its acknowledgement, which "
                                 "follows the commit; WeCom waits 5 s",
                                 acknowledgement_bounds())) {
    of_app("");
    configured();
}

void CallbackMetrics::configured() {
    for (const auto& app : *apps_.now()) {
        of_app(app->name);
    }
}

CallbackMetrics::ByOutcome& CallbackMetrics::of_app(const std::string& name) {
    return by_app_.with([&](auto& by_app) -> ByOutcome& {
        auto& counters = by_app[name];
        for (std::size_t i = counters.size(); i < words.size(); ++i) {
            http::MetricLabels labels{{"outcome", words[i]}};
            if (!name.empty()) {
                labels["app"] = name;
            }
            counters.push_back(metrics_.counter("wecom_callbacks_total",
                                                "Requests on the callback path, by what became of "
                                                "them; without an app where none was found",
                                                labels));
        }
        return counters;
    });
}

void CallbackMetrics::count(CallbackOutcome outcome, const App* app) {
    static const std::string nobody;
    of_app(app != nullptr ? app->name : nobody)[static_cast<std::size_t>(outcome)].add();
}

void CallbackMetrics::acknowledged(std::chrono::steady_clock::time_point begun) noexcept {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    seconds_.observe(took.count());
}

}  // namespace hermes::wecom
