// The host's message as parts for one member of one app. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "durable/outbox.hpp"
#include "hermes/message.hpp"
#include "hermes/send_result.hpp"
#include "policy/routing.hpp"
#include "settings.hpp"

namespace hermes::wecom {

// What is known about the message's surroundings.
struct OutgoingContext {
    // The identity of the app that heard the event of reply_to; empty if unknown.
    base::Result<std::string> answered_account = std::string();
    // As LastHeard, but the store may fail to say.
    std::function<base::Result<std::optional<std::string>>(const std::string& folded_chat)>
        last_heard;
};

// A message for the outbox, or why there can be none: SendError::invalid for a text of which
// nothing can be seen and for what is no text, SendError::store while the way of the message can't
// be looked up.
std::variant<durable::NewMessage, SendResult> plan_outgoing(const OutboundMessage& message,
                                                            const Settings& settings,
                                                            const OutgoingContext& context);

}  // namespace hermes::wecom
