// What became of a message, in the words of the host.
#pragma once

#include "api/outbox_worker.hpp"
#include "hermes/send_result.hpp"

namespace hermes::wecom {

SendResult to_result(const DeliveryReport& report);

}  // namespace hermes::wecom
