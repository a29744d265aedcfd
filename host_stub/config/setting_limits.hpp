// What a settings table allows beyond types: bounds and choices.
#pragma once

#include <string>
#include <vector>

#include "hermes/settings.hpp"

namespace hermes::host {

bool has_bounds(const Setting& row) noexcept;

// The choices one by one, as they are compared; empty if any value will do.
std::vector<std::string> choices_of(const Setting& row);

// Whether a value of the row's type is within the row's limits.
bool is_within_limits(const Setting& row, const SettingValue& value);

// "0 to 65535", "at least 1s", "text or markdown": what is allowed, for people. Empty if there are
// no limits.
std::string limits_text(const Setting& row);

}  // namespace hermes::host
