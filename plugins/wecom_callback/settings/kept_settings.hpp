// Which settings a running adapter keeps, whatever a reload brings. Pure.
#pragma once

#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace hermes::wecom {

std::vector<std::string> kept_keys();

// Gives `next` the values of `now` that can't change, and returns the keys of those that differed.
std::vector<std::string> keep(const Settings& now, Settings& next);

}  // namespace hermes::wecom
