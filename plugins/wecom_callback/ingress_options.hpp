// What ingress has to know of the settings.
#pragma once

#include <vector>

#include "ingress/ingress.hpp"
#include "policy/app.hpp"
#include "settings.hpp"

namespace hermes::wecom {

std::vector<CallbackApp> callback_apps(const Settings& settings);
IngressOptions ingress_options(const Settings& settings);

}  // namespace hermes::wecom
