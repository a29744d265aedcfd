// The host's message as parts for one member of one app. Pure.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "hermes/message.hpp"
#include "hermes/send_result.hpp"
#include "policy/routing.hpp"
#include "settings.hpp"
#include "state/outbox.hpp"

namespace hermes::wecom {

// What is known about the message's surroundings.
struct OutgoingContext {
    std::chrono::system_clock::time_point now;
    std::string answered_account;  // the app that heard the event of reply_to; empty if unknown
    LastHeard last_heard;
};

// A message for the outbox, or why there can be none. Text that is empty, or becomes empty by
// cleaning, is SendError::invalid.
std::variant<NewMessage, SendResult> plan_outgoing(const OutboundMessage& message,
                                                   const Settings& settings,
                                                   const OutgoingContext& context);

}  // namespace hermes::wecom
