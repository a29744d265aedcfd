// The configured apps, as a state of version 1 of the schema knew them.
#pragma once

#include "durable/store/version_1.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// By name, if the corp of the chat is the app's. Else the chat's only app, since names change;
// where several could be meant, none. `settings` is copied.
durable::Version1 version_1_of(const Settings& settings);

}  // namespace hermes::wecom
