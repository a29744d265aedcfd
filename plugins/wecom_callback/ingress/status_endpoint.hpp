// /health for whoever watches the process, /metrics for Prometheus.
#pragma once

#include "state/store.hpp"
#include "support/http_server.hpp"
#include "support/metrics.hpp"

namespace hermes::wecom {

// 200 {"status": "ok"}, or 503 {"status": "unavailable", "problem": "..."} while the store can't
// commit. GET and HEAD.
support::HttpResponse health_response(std::string_view method, const StoreHealth& health);

support::HttpResponse metrics_response(std::string_view method, const support::Metrics& metrics);

}  // namespace hermes::wecom
