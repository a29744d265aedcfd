// The adapter: settings, store, ingress and delivery put together, with their life cycle.
#pragma once

#include <memory>

#include "api/wecom_courier.hpp"
#include "base/clock.hpp"
#include "durable/delivery/delivery.hpp"
#include "hermes/adapter_host.hpp"
#include "hermes/platform_adapter.hpp"
#include "hermes/plugin.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// What tests replace. The plugin uses the defaults.
struct AdapterOverrides {
    base::Clock clock = base::system_clock();
    base::SteadyClock steady_clock = base::steady_clock();
    // But for the window, which is a setting.
    durable::DeliveryLimits delivery{
        .lanes = {.pacing = member_pacing, .group_per_minute = corp_requests_per_minute}};
};

// Opens nothing yet.
std::unique_ptr<PlatformAdapter> make_adapter(AdapterHost& host, Settings settings,
                                              AdapterMode mode, AdapterOverrides overrides = {});

}  // namespace hermes::wecom
