// What /metrics says of each app, beside what is counted where it happens.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "durable/engine.hpp"
#include "http/metrics.hpp"
#include "policy/current_apps.hpp"

namespace hermes::wecom {

// For Metrics::gauges: of each app that is configured at the moment, under its name.
inline auto of_each_app(const CurrentApps& apps, std::function<double(const App& app)> figure) {
    return [&apps, figure = std::move(figure)] {
        std::vector<http::Metrics::Sample> samples;
        for (const auto& app : *apps.now()) {
            samples.push_back({{{"app", app->name}}, figure(*app)});
        }
        return samples;
    };
}

// `apps` and `engine` outlive `metrics`, and delivers already.
void show_apps(http::Metrics& metrics, const CurrentApps& apps, const durable::Engine& engine);

}  // namespace hermes::wecom
