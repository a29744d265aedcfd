// The operator's view of the store, as the plugin API wants it.
#pragma once

#include <memory>

#include "hermes/adapter_host.hpp"
#include "hermes/state_inspector.hpp"
#include "settings.hpp"

namespace hermes::wecom {

// Throws StoreOpenError.
std::unique_ptr<StateInspector> make_inspector(AdapterHost& host, const Settings& settings);

}  // namespace hermes::wecom
