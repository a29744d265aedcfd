// Takes what is in the outbox to WeCom: per lane in order, lanes side by side (lanes.hpp), each
// part as the request that is stored, so that WeCom itself drops what it already has
// (docs/durability.md).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/app_pauses.hpp"
#include "api/delivery_report.hpp"
#include "api/wecom_api.hpp"
#include "base/log.hpp"
#include "durable/delivery_thread.hpp"
#include "durable/pacing.hpp"
#include "durable/retry.hpp"
#include "durable/store.hpp"
#include "http/metrics.hpp"

namespace hermes::wecom {

inline constexpr std::chrono::seconds outside_changes_interval{1};

struct DeliveryLimits {
    durable::RetryLimits retry{.backoff_max = std::chrono::minutes{1}};
    durable::PacingLimits pacing;
};

class OutboxWorker {
public:
    using Handler = std::function<void(const DeliveryReport&)>;  // [delivery thread]

    // All references outlive the worker, the thread and the client too. `apps` likewise.
    OutboxWorker(durable::DeliveryThread& thread, durable::Store& store, http::HttpClient& client,
                 const std::vector<ApiApp>& apps, base::Clock wall_clock, DeliveryLimits limits,
                 base::Log log, http::Metrics& metrics);
    ~OutboxWorker();  // after the thread has stopped

    // Takes up what earlier runs left, and looks once a second for what other processes added.
    void start();

    // Begins nothing more, and records no failure of what is under way: another process delivers
    // now.  [delivery thread]
    void step_down();

    // Makes the message durable, then delivers it. `handler` may be empty.  [delivery thread]
    void submit(durable::NewMessage message, Handler handler);

    // No request is begun after this; returns when none is under way, or at `deadline`.
    // [not the delivery thread]
    void stop(std::chrono::steady_clock::time_point deadline);
    // After the store has stopped: what has no report yet is deferred.  [delivery thread]
    void defer_all();

    std::size_t pending() const noexcept;   // parts  [any]
    std::vector<PausedApp> paused() const;  // [any]

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::wecom
