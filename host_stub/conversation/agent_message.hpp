// What is said to a member, as a message that the platform can take. Pure.
#pragma once

#include <optional>
#include <string>

#include "agents/agent.hpp"
#include "hermes/capabilities.hpp"
#include "hermes/message.hpp"

namespace hermes::host {

OutboundMessage text_message(std::string text);

// The message as an answer to that event.
OutboundMessage as_reply_to(const MessageEvent& event, ReplyRole role, OutboundMessage message);

// Why the platform can't put its question, for the operator; nothing if it can, or if there is
// none.
std::optional<std::string> why_not_asked(const AgentReply& reply, const Capabilities& can);

// Its text, attachments and question. A question that the platform can't put is written below the
// text, its choices numbered.
OutboundMessage message_of(const AgentReply& reply, const Capabilities& can);

// What is remembered of it in the session's history.
std::string remembered_text(const AgentReply& reply);

// The files that a message on that platform may have.
FileLimits file_limits(const Capabilities& can, std::filesystem::path room);

}  // namespace hermes::host
