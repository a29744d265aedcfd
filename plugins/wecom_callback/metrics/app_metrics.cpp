#include "metrics/app_metrics.hpp"

namespace hermes::wecom {

void show_apps(http::Metrics& metrics, const CurrentApps& apps, const durable::Engine& engine) {
    metrics.gauges("wecom_app_paused", "1 while the app sends nothing until something changes",
                   of_each_app(apps, [&engine](const App& app) {
                       return engine.delivery().is_paused(app.account()) ? 1.0 : 0.0;
                   }));
    metrics.gauges("wecom_app_requests_under_way_max",
                   "Requests of the app that may be under way: as many as WeCom bears",
                   of_each_app(apps, [&engine](const App& app) {
                       const auto pace = engine.delivery().pace_of(app.account());
                       return static_cast<double>(pace.window);
                   }));
    metrics.gauges(
        "wecom_app_requests_last_minute",
        "Requests that the app has made; WeCom allows 10000 a minute to the apps of a corp",
        [&apps, &engine] {
            std::vector<http::Metrics::Sample> samples;
            for (const auto& app : *apps.now()) {
                const auto pace = engine.delivery().pace_of(app->account());
                samples.push_back({{{"app", app->name}, {"corp", app->corp.str()}},
                                   static_cast<double>(pace.requests_last_minute)});
            }
            return samples;
        });
}

}  // namespace hermes::wecom
