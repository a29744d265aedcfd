#include "agent_message.hpp"

#include <algorithm>
#include <utility>

namespace hermes::host {
namespace {

bool can_ask(const Question& question, const Capabilities& can) {
    return question.choices.size() <= can.choices_max &&
           std::all_of(question.choices.begin(), question.choices.end(), [&](const auto& choice) {
               return choice.label.size() <= can.choice_label_bytes_max;
           });
}

void append_line(std::string& text, const std::string& line) {
    text += (text.empty() ? "" : "\n") + line;
}

}  // namespace

OutboundMessage as_reply_to(const MessageEvent& event, ReplyRole role, OutboundMessage message) {
    message.chat = event.chat;
    message.account = event.account;
    message.reply_to = event.id;
    message.role = role;
    return message;
}

OutboundMessage text_message(std::string text) {
    OutboundMessage message;
    message.text = std::move(text);
    return message;
}

OutboundMessage message_of(const AgentReply& reply, const Capabilities& can) {
    OutboundMessage message;
    message.text = reply.text;
    message.attachments = reply.attachments;
    if (!reply.question) {
        return message;
    }
    if (can_ask(*reply.question, can)) {
        message.question = reply.question;
        return message;
    }
    message.text += message.text.empty() ? "" : "\n";
    int number = 0;
    for (const auto& choice : reply.question->choices) {
        append_line(message.text, std::to_string(++number) + ". " + choice.label);
    }
    return message;
}

std::string remembered_text(const AgentReply& reply) {
    auto text = reply.text;
    for (const auto& attachment : reply.attachments) {
        append_line(text, "[" + attachment.file_name + "]");
    }
    return text;
}

FileLimits file_limits(const Capabilities& can, std::filesystem::path room) {
    FileLimits limits{.room = std::move(room), .count_max = can.attachments_max};
    for (const auto& limit : can.attachments_out) {
        limits.bytes_max = std::max(limits.bytes_max, limit.bytes_max);
    }
    return limits;
}

}  // namespace hermes::host
