// All that /metrics shows beside the callbacks, and where it is measured.
#pragma once

#include <optional>

#include "api/access_tokens.hpp"
#include "durable/engine.hpp"
#include "http/metrics.hpp"
#include "metrics/measured_courier.hpp"
#include "metrics/message_metrics.hpp"
#include "metrics/waiting_metrics.hpp"

namespace hermes::wecom {

class AdapterMetrics {
public:
    // `apps` outlives this.
    AdapterMetrics(const CurrentApps& apps, base::Clock clock,
                   const base::SteadyClock& steady_clock);

    http::Metrics& registry() noexcept { return registry_; }
    MessageMetrics& messages() noexcept { return messages_; }

    // Each hears of what happens before whoever was to hear of it. This object outlives them.
    void watch(durable::StoreOptions& options);
    void watch(durable::DeliveryOptions& options);
    void watch(AccessTokens& tokens);
    // The courier, measured; once.
    durable::Courier& measured(durable::Courier& courier);

    // What is asked of the engine when somebody looks; it delivers already, and outlives the last
    // look.
    void show(durable::Engine& engine);
    void count_what_waits(durable::Engine& engine);

private:
    const CurrentApps& apps_;
    const base::Clock clock_;
    http::Metrics registry_;
    MessageMetrics messages_;
    std::optional<MeasuredCourier> courier_;
    std::optional<WaitingMetrics> waiting_;
};

}  // namespace hermes::wecom
