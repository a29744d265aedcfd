// How much waits in the inbox and the outbox, how old the oldest of it is, and what was set aside:
// by app, counted in the store every few seconds and not when somebody asks.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "durable/engine.hpp"
#include "durable/operator/waiting.hpp"
#include "http/metrics.hpp"
#include "policy/current_apps.hpp"

namespace hermes::wecom {

inline constexpr std::chrono::seconds waiting_counted_every{10};
inline constexpr std::chrono::seconds set_aside_counted_every{60};

class WaitingMetrics {
public:
    // All outlive the engine's last task, as this does.
    WaitingMetrics(http::Metrics& metrics, const CurrentApps& apps, durable::Engine& engine,
                   base::Clock clock);

    void start();  // [any]

private:
    using Key = std::pair<StateSide, std::string>;  // and the account
    struct Counts {
        std::map<Key, durable::Waiting> waiting;
        std::map<Key, std::int64_t> set_aside;
    };

    using Figure = std::function<double(const Counts& counts, const Key& key)>;
    void show(http::Metrics& metrics, const char* name, const char* help, Figure figure);
    void count_waiting();
    void count_set_aside();

    const CurrentApps& apps_;
    durable::Engine& engine_;
    const base::Clock clock_;
    base::Guarded<Counts> counts_;
};

}  // namespace hermes::wecom
