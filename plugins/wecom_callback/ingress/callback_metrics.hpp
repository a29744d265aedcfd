// Callbacks in figures: by app and outcome, and how long WeCom waited for "success".
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "http/metrics.hpp"
#include "policy/current_apps.hpp"

namespace hermes::wecom {

enum class CallbackOutcome {
    accepted,
    duplicate,
    ignored,
    unknown,
    refused,
    forbidden,
    unavailable,
};

class CallbackMetrics {
public:
    CallbackMetrics(http::Metrics& metrics, const CurrentApps& apps);

    // Shows the apps that have come, before they are called.
    void configured();

    // `app` is null where none was found.  [any]
    void count(CallbackOutcome outcome, const App* app);
    // From the request's first byte to the answer that followed a commit.  [any]
    void acknowledged(std::chrono::steady_clock::time_point begun) noexcept;

private:
    using ByOutcome = std::vector<http::Counter>;
    ByOutcome& of_app(const std::string& name);

    http::Metrics& metrics_;
    const CurrentApps& apps_;
    // By the app's name, empty where none was found. None goes, so an address stays.
    base::Guarded<std::map<std::string, ByOutcome, std::less<>>> by_app_;
    http::Histogram seconds_;
};

}  // namespace hermes::wecom
