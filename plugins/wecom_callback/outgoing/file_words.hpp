// What members and operators are told of a file.
#pragma once

#include <string>
#include <string_view>

#include "outgoing/outgoing_file.hpp"

namespace hermes::wecom {

// "1.2 MB"
std::string size_text(std::uint64_t bytes);

// For the operator: "image chart.png, 1.2 MB".
std::string file_preview(const OutgoingFile& file);

// What the operator is shown of a message that can't be sent: its text, and what went with it.
std::string text_for_letter(const OutboundMessage& message);

// What a member reads in place of a file that can't be sent, in the language of `context`.
std::string words_for_unsent(const OutgoingFile& file, OutgoingFile::Problem problem,
                             std::string_view context);

// Likewise, for the log.
std::string log_line_of(const OutgoingFile& file);

// Behind the beginning of an answer that is too long, likewise.
std::string_view words_for_the_rest(std::string_view context);

}  // namespace hermes::wecom
