// /health for whoever watches the process, /metrics for Prometheus.
#pragma once

#include <string>
#include <vector>

#include "durable/store/store.hpp"
#include "http/http_server.hpp"
#include "http/metrics.hpp"

namespace hermes::wecom {

// 200 {"status": "ok"}, with "warnings": [...] if there are any, or 503 {"status": "unavailable",
// "problem": "..."} while the store can't commit. Anyone may ask, so it names no path, host or
// member. GET and HEAD.
http::HttpResponse health_response(std::string_view method, const durable::StoreHealth& health,
                                   const std::vector<std::string>& warnings);

http::HttpResponse metrics_response(std::string_view method, const http::Metrics& metrics);

}  // namespace hermes::wecom
