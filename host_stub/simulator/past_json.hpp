// Chat entries and wire steps as JSON, with all that is in them, and back. Pure.
//
// Not what the page gets (page_json.hpp): bytes that are no UTF-8 stay as they are. A member that
// is missing is as in a new value, one that is unknown is passed over: the text may be of another
// version of the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "simulator/wecom/media_shelf.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

std::string format_past(const ChatEntry& entry);
std::string format_past(const WireStep& step);
std::string format_past(const Media& media);  // without its bytes

// Nothing if it is none.
std::optional<ChatEntry> parse_past_entry(std::string_view text);
std::optional<WireStep> parse_past_step(std::string_view text);
std::optional<Media> parse_past_media(std::string_view text);

}  // namespace hermes::host::simulator
