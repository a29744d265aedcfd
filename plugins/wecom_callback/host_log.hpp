// The host's log as what the lower rooms write to.
#pragma once

#include "base/log.hpp"
#include "hermes/adapter_host.hpp"

namespace hermes::wecom {

// `host` outlives it.
base::Log log_of(AdapterHost& host);

}  // namespace hermes::wecom
