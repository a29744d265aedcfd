// Looks at a set-up from outside, as WeCom and its members do: settings, state, each app's
// credentials and address at WeCom, this machine's clock, and the callback URL.
//
// It sends no message, and asks WeCom for no more than an access token, the app's own data and
// whether members exist (doc 91039, 90227, 90196). The callback URL is asked what WeCom asks when
// it is saved (doc 90930).
#pragma once

#include "base/clock.hpp"
#include "hermes/adapter_host.hpp"
#include "hermes/ext/doctor.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// Waits for every answer, up to 20 s each.
void examine_setup(AdapterHost& host, const Settings& settings, const base::Clock& clock,
                   const Examination& examination);

}  // namespace hermes::wecom
