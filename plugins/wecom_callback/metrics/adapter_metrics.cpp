#include "metrics/adapter_metrics.hpp"

#include <functional>
#include <utility>

#include "metrics/app_metrics.hpp"

namespace hermes::wecom {

AdapterMetrics::AdapterMetrics(const CurrentApps& apps, base::Clock clock,
                               const base::SteadyClock& steady_clock)
    : apps_(apps), clock_(std::move(clock)), messages_(registry_, apps_, steady_clock) {
    registry_.gauge("wecom_build_info", "The version of the plugin", [] { return 1.0; },
                    {{"version", HERMES_WECOM_VERSION}});
}

void AdapterMetrics::watch(durable::StoreOptions& options) {
    options.on_commit = std::bind_front(&MessageMetrics::committed, &messages_);
    options.on_dead_event = [this, then = std::move(options.on_dead_event)](const auto& event) {
        messages_.set_aside(event);
        then(event);
    };
}

void AdapterMetrics::watch(durable::DeliveryOptions& options) {
    options.on_reply_stored = [this, then = std::move(options.on_reply_stored)](
                                  std::int64_t event, std::int64_t message) {
        messages_.reply_stored(event, message);
        then(event, message);
    };
    options.on_event = [this, then = std::move(options.on_event)](const auto& report) {
        messages_.delivery(report);
        then(report);
    };
}

void AdapterMetrics::watch(AccessTokens& tokens) {
    tokens.on_fetched(std::bind_front(&MessageMetrics::token_asked, &messages_));
}

durable::Courier& AdapterMetrics::measured(durable::Courier& courier) {
    return courier_.emplace(courier, messages_);
}

void AdapterMetrics::show(durable::Engine& engine) {
    show_apps(registry_, apps_, engine);
    registry_.gauge("wecom_store_available", "1 while messages can be stored",
                    [&engine] { return engine.store().health().available ? 1.0 : 0.0; });
    registry_.gauge("wecom_gateways", "Gateways at work on the same state",
                    [&engine] { return static_cast<double>(engine.store().gateways()); });
}

void AdapterMetrics::count_what_waits(durable::Engine& engine) {
    waiting_.emplace(registry_, apps_, engine, clock_);
    waiting_->start();
}

}  // namespace hermes::wecom
