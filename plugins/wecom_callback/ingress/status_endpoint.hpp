// /health for whoever watches the process, /metrics for Prometheus.
#pragma once

#include <string>
#include <vector>

#include "state/store.hpp"
#include "support/http_server.hpp"
#include "support/metrics.hpp"

namespace hermes::wecom {

// 200 {"status": "ok"}, with "warnings": [...] if there are any, or 503 {"status": "unavailable",
// "problem": "..."} while the store can't commit. Anyone may ask, so it names no path, host or
// member. GET and HEAD.
support::HttpResponse health_response(std::string_view method, const StoreHealth& health,
                                      const std::vector<std::string>& warnings);

support::HttpResponse metrics_response(std::string_view method, const support::Metrics& metrics);

}  // namespace hermes::wecom
