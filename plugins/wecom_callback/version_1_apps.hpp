// The configured apps, as a state of version 1 of the schema knew them.
#pragma once

#include "settings.hpp"
#include "state/version_1.hpp"

namespace hermes::wecom {

// By name, if the corp of the chat is the app's. Else the chat's only app, since names change;
// where several could be meant, none. `settings` is copied.
Version1 version_1_of(const Settings& settings);

}  // namespace hermes::wecom
