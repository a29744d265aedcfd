// What the sender of a message is told about it.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <utility>

#include "durable/delivery/courier.hpp"
#include "durable/delivery/retry.hpp"
#include "hermes/send_result.hpp"

namespace hermes::durable {

SendResult delivered_result(std::string message_id);
SendResult deferred_result(std::string sentence = "stored; it goes out after the next start");
// A gateway runs beside this process, and has it; `reason`, which may be empty: why it waits there.
SendResult entrusted_result(const std::string& reason);
// Another gateway has its chat.
SendResult delivered_elsewhere_result();
// It waits no longer, and not because of this gateway: another one has finished it.
SendResult gone_result();
// The store did not take the message, or has been stopped before.
SendResult not_stored_result(boost::system::error_code error);
// It will not be delivered: what the last attempt came to, or what stood in the way of one.
SendResult failed_result(const Receipt& last, GiveUp::Reason why, std::string detail);

}  // namespace hermes::durable
