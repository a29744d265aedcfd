// What makes two callbacks the same one.
//
// Corp, app and MsgId; for what has no MsgId: corp, app, sender, CreateTime, type, event and event
// key, and of a card its task id and this press's response code. So the same MsgId in two corps is
// two messages, and two clicks in one second on different entries, or on the same button of two
// cards, are two events.
#pragma once

#include <string>

#include "protocol/inbound.hpp"

namespace hermes::wecom {

// Printable and at most 256 bytes: long parts enter as a digest.
std::string duplicate_key(const InboundMessage& message, const AgentId& agent);

}  // namespace hermes::wecom
