// What an app can be sent, and what it brings.
#pragma once

#include "hermes/capabilities.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// But for `redelivery`, which is the mode's.
Capabilities capabilities_of(const Settings& settings);

}  // namespace hermes::wecom
