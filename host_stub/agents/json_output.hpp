// What a program says with `output: json`: a JSON object a line. Pure.
//
//   {"type": "interim", "text": ...}
//   {"type": "reply", "text": ..., "attachments": [{"path", "kind", "name", "caption"}],
//    "choices": {"id", "title", "options": [{"id", "label"}]}}
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "agents/agent.hpp"

namespace hermes::host {

// Said at once; the event stays open.
struct InterimLine {
    std::string text;
    bool has_more = false;  // attachments or choices, which only an answer can have
};

// The answer: `text`, `named_files` and `question` are set.
struct ReplyLine {
    AgentReply reply;
};

// Why the line is neither, to follow "a line": "is no JSON object".
struct BadLine {
    std::string why;
};

std::variant<InterimLine, ReplyLine, BadLine> parse_output_line(std::string_view line);

}  // namespace hermes::host
