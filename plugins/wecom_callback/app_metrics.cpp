#include "app_metrics.hpp"

namespace hermes::wecom {

void show_apps(http::Metrics& metrics, const Apps& apps, const durable::Engine& engine) {
    for (const auto& app : apps) {
        metrics.gauge("wecom_app_paused", "1 while the app sends nothing until something changes",
                      [&engine, account = app->account()] {
                          return engine.delivery().is_paused(account) ? 1.0 : 0.0;
                      },
                      {{"app", app->name}});
        metrics.gauge("wecom_app_requests_under_way_max",
                      "Requests of the app that may be under way: as many as WeCom bears",
                      [&engine, account = app->account()] {
                          return static_cast<double>(engine.delivery().pace_of(account).window);
                      },
                      {{"app", app->name}});
        metrics.gauge(
            "wecom_app_requests_last_minute",
            "Requests that the app has made; WeCom allows 10000 a minute to the apps of a corp",
            [&engine, account = app->account()] {
                return static_cast<double>(engine.delivery().pace_of(account).requests_last_minute);
            },
            {{"app", app->name}, {"corp", app->corp.str()}});
    }
}

}  // namespace hermes::wecom
