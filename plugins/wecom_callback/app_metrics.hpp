// What /metrics says of each app, beside what is counted where it happens.
#pragma once

#include "durable/engine.hpp"
#include "http/metrics.hpp"
#include "policy/apps.hpp"

namespace hermes::wecom {

// `engine` outlives `metrics`, and delivers already.
void show_apps(http::Metrics& metrics, const Apps& apps, const durable::Engine& engine);

}  // namespace hermes::wecom
