// The settings as they are at the moment; each who needs several of them takes them all at once.
// [any]
#pragma once

#include <memory>
#include <utility>

#include "base/guarded.hpp"
#include "policy/current_apps.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

class CurrentSettings {
public:
    explicit CurrentSettings(Settings settings)
        : apps_(settings.apps), settings_(std::make_shared<const Settings>(std::move(settings))) {}

    std::shared_ptr<const Settings> now() const {
        return settings_.with([](const auto& settings) { return settings; });
    }
    const CurrentApps& apps() const noexcept { return apps_; }

    void replace(Settings next) {
        next.apps = apps_.replace(*next.apps);
        auto made = std::make_shared<const Settings>(std::move(next));
        settings_.with([&](auto& now) { now.swap(made); });
    }

private:
    CurrentApps apps_;
    base::Guarded<std::shared_ptr<const Settings>> settings_;
};

}  // namespace hermes::wecom
