#include "outgoing.hpp"

#include <string>
#include <utility>

#include "durable/host_event.hpp"
#include "durable/preview.hpp"
#include "event_mapping.hpp"
#include "protocol/recipient.hpp"
#include "text/markdown.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {

namespace {

SendResult refuse(SendError error, std::string detail) {
    SendResult result;
    result.error = error;
    result.detail = std::move(detail);
    return result;
}

SendResult unreadable(boost::system::error_code error) {
    auto result =
        refuse(SendError::store, "the app of this chat cannot be looked up: " + error.message());
    result.retryable = true;
    return result;
}

std::vector<std::string> split(const std::string& text, const App& app, text::PartNumbers numbers) {
    const auto clean = text::clean_text(text);
    auto parts = app.reply_format == MessageFormat::markdown
                     ? text::markdown_parts(clean, message_bytes_max, numbers)
                     : text::split_text(text::markdown_to_text(clean), message_bytes_max, numbers);
    // Once more: Markdown writes any character as a number (`&#27;`), and WeCom refuses some.
    for (auto& part : parts) {
        part = text::clean_text(part);
    }
    std::erase_if(parts, [](const std::string& part) { return text::is_blank(part); });
    return parts;
}

}  // namespace

std::variant<durable::NewMessage, SendResult> plan_outgoing(const OutboundMessage& message,
                                                            const Settings& settings,
                                                            const OutgoingContext& context) {
    if (!message.attachments.empty() || message.question) {
        return refuse(SendError::invalid,
                      message.question
                          ? "the message offers choices, and wecom_callback sends text "
                            "alone: ask for the answer in words"
                          : "the message has " + std::to_string(message.attachments.size()) +
                                " attachment(s), and wecom_callback sends text alone: "
                                "send a link instead");
    }
    if (context.answered_account.has_error()) {
        return unreadable(context.answered_account.error());
    }
    boost::system::error_code lookup_error;
    const auto last_heard = [&](const std::string& chat) {
        auto heard = context.last_heard(chat);
        if (heard.has_error()) {
            lookup_error = heard.error();
        }
        return heard.has_value() ? *std::move(heard) : std::nullopt;
    };
    const auto found = find_route({.chat = message.chat.value,
                                   .account = message.account,
                                   .answered_account = *context.answered_account,
                                   .is_notice = !message.reply_to},
                                  *settings.apps, last_heard);
    if (lookup_error) {  // what was found without it may be wrong
        return unreadable(lookup_error);
    }
    if (const auto* lost = std::get_if<Unroutable>(&found)) {
        return refuse(lost->reason == Unroutable::Reason::no_broadcast ? SendError::forbidden
                                                                       : SendError::not_found,
                      lost->sentence);
    }
    const auto& route = std::get<Route>(found);
    const auto& app = *route.app;
    const auto texts = split(message.text, app, settings.part_numbers);
    if (texts.empty()) {
        return refuse(SendError::invalid, "the message has no text, and WeCom refuses a blank one");
    }
    durable::NewMessage planned{.account = app.account(),
                                .chat = Destination{app.corp, route.to}.str(),
                                .parts = {},
                                .settles = std::nullopt,
                                .is_notice = !message.reply_to,
                                .lifetime = settings.delivery_deadline};
    for (const auto& text : texts) {
        planned.parts.push_back(
            {.payload = format_message_send(
                 {.to = route.to, .agent = app.agent, .format = app.reply_format, .content = text}),
             .preview = durable::preview_of(text)});
    }
    if (message.reply_to) {
        const auto event = durable::event_seq(*message.reply_to);
        planned.answers = event.value_or(0);
        if (message.role == ReplyRole::final_reply) {
            planned.settles = event;
        }
    }
    return planned;
}

}  // namespace hermes::wecom
