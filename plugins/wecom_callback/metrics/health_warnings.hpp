// What is degraded while messages are taken, a sentence each that anyone may read: /health shows
// it.
#pragma once

#include <string>
#include <vector>

#include "durable/delivery/delivery.hpp"

namespace hermes::wecom {

std::vector<std::string> health_warnings(const durable::Delivery& delivery);

}  // namespace hermes::wecom
