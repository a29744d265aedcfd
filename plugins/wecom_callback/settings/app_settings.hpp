// The settings of the apps: each entry's own, with what stands at the top as the default.
#pragma once

#include "settings/settings.hpp"
#include "settings/settings_section.hpp"

namespace hermes::wecom {

// Puts the apps, and the warnings about them, into `settings`; problems go to `top`.
void read_apps(const PlatformSettings& given, const Section& top, Settings& settings);

}  // namespace hermes::wecom
