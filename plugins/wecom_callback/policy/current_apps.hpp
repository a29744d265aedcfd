// The apps as they are configured at the moment. Who works on a message takes a snapshot and goes
// on with that.  [any]
#pragma once

#include <memory>
#include <utility>

#include "base/guarded.hpp"
#include "policy/apps.hpp"

namespace hermes::wecom {

class CurrentApps {
public:
    explicit CurrentApps(AppsSnapshot apps) : apps_(std::move(apps)) {}

    AppsSnapshot now() const {
        return apps_.with([](const AppsSnapshot& apps) { return apps; });
    }
    // Returns what is current then.
    AppsSnapshot replace(const Apps& apps) {
        return apps_.with([&](AppsSnapshot& now) {
            now = std::make_shared<const Apps>(apps, *now);
            return now;
        });
    }

private:
    base::Guarded<AppsSnapshot> apps_;
};

}  // namespace hermes::wecom
