// What an agent that reads only text is told of a message. Pure.
#pragma once

#include <string>

#include "protocol/inbound.hpp"

namespace hermes::wecom {

// A text, or recognised speech, as it is. All else begins with what the member did, in brackets, so
// that it is neither taken for words that somebody wrote nor for a command; what the member's
// client told of it follows as it came. Never empty for a kind that is handed over.
std::string readable(const InboundMessage& message);

}  // namespace hermes::wecom
