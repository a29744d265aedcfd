#include "conversation/agent_message.hpp"

#include <algorithm>
#include <utility>

namespace hermes::host {
namespace {

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

std::optional<std::string> why_not_asked(const AgentReply& reply, const Capabilities& can) {
    if (!reply.question) {
        return std::nullopt;
    }
    const auto& choices = reply.question->choices;
    const auto not_asked = "the question " + reply.question->id + " is put as text, and a " +
                           "number is no answer to it: ";
    if (choices.size() > can.choices_max) {
        return not_asked + "it has " + std::to_string(choices.size()) +
               " choices, and this platform takes " + std::to_string(can.choices_max);
    }
    const auto too_long = std::ranges::find_if(choices, [&](const Choice& choice) {
        return choice.label.size() > can.choice_label_bytes_max;
    });
    return too_long == choices.end()
               ? std::nullopt
               : std::optional(not_asked + "the label of the choice " + too_long->id + " has " +
                               std::to_string(too_long->label.size()) +
                               " bytes, and this platform takes " +
                               std::to_string(can.choice_label_bytes_max));
}

OutboundMessage message_of(const AgentReply& reply, const Capabilities& can) {
    OutboundMessage message;
    message.text = reply.text;
    message.attachments = reply.attachments;
    if (!reply.question) {
        return message;
    }
    if (!why_not_asked(reply, can)) {
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
