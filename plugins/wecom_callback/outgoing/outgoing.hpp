// The host's message as parts for one member of one app. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "durable/outbox/outbox.hpp"
#include "hermes/message.hpp"
#include "hermes/send_result.hpp"
#include "outgoing/outgoing_file.hpp"
#include "outgoing/question.hpp"
#include "policy/routing.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// What is known about the message's surroundings.
struct OutgoingContext {
    // The identity of the app that heard the event that is answered; empty if unknown, or none is.
    base::Result<std::string> answered_account = std::string();
    // As LastHeard, but the store may fail to say.
    std::function<base::Result<std::optional<std::string>>(const std::string& folded_chat)>
        last_heard;
    std::string unique{};  // of 0-9 and a-f, never used twice: for a question
};

struct PlannedMessage {
    durable::NewMessage message;
    std::vector<durable::NewFile> files{};  // that go with its parts
    // To be remembered before the message is stored, if it asks something.
    std::optional<AskedQuestion> asked{};
    // `corp:user`, folded: whose numbered question is none any more, since this takes its place.
    std::string ends_numbers_of{};
};

// A message for the outbox, or why there can be none: SendError::invalid for one of which nothing
// can be seen, with too many attachments or with a question that can't be asked, SendError::store
// while the way of the message can't be looked up.
//
// Its text comes first, in as many parts as it takes, then its files in their order, which are
// those of the attachments, then the card of its question. What WeCom does not take is said in
// words in its place. From `settings.parts_max` parts on the text is its first part, and the whole
// of it a file behind that.
std::variant<PlannedMessage, SendResult> plan_outgoing(const OutboundMessage& message,
                                                       std::vector<OutgoingFile> files,
                                                       const Settings& settings,
                                                       const OutgoingContext& context);

}  // namespace hermes::wecom
