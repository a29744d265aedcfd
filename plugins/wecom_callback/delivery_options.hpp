// What durable has to know of the apps, in its own words.
#pragma once

#include <string>
#include <vector>

#include "api/wecom_api.hpp"
#include "base/log.hpp"
#include "durable/delivery.hpp"
#include "http/metrics.hpp"

namespace hermes::wecom {

// For the log: whose messages wait, by what the store knows of the app.
std::string describe_unknown_app(const std::string& account);

durable::DeliveryOptions delivery_options(const std::vector<ApiApp>& apps,
                                          const durable::DeliveryLimits& limits, base::Log log,
                                          http::Metrics& metrics);

}  // namespace hermes::wecom
