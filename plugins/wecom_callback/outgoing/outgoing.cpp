#include "outgoing/outgoing.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/utf8.hpp"
#include "durable/database/preview.hpp"
#include "durable/store/host_values.hpp"
#include "incoming/event_mapping.hpp"
#include "outgoing/file_words.hpp"
#include "outgoing/outgoing_question.hpp"
#include "policy/link_card.hpp"
#include "protocol/media_message.hpp"
#include "protocol/recipient.hpp"
#include "text/markdown.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {

namespace {

// Of the name of a file that is made of an answer.
constexpr std::size_t title_bytes_max = 60;

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

// `room`: what one part may have.
std::vector<std::string> split(const std::string& text, const App& app, text::PartNumbers numbers,
                               std::size_t room = message_bytes_max) {
    const auto clean = text::clean_text(text);
    auto parts = app.reply_format == MessageFormat::markdown
                     ? text::markdown_parts(clean, room, numbers)
                     : text::text_parts(clean, room, numbers);
    // Once more: Markdown writes any character as a number (`&#27;`), and WeCom refuses some.
    for (auto& part : parts) {
        part = text::clean_text(part);
    }
    std::erase_if(parts, [](const std::string& part) { return text::is_blank(part); });
    return parts;
}

// What an answer is about, for the name of its file: its first line, without what Markdown adds.
std::string title_of(const std::string& text) {
    const auto words = text::clean_markdown_to_text(text);
    const auto first = words.find_first_not_of(" \t\n");
    const auto line = words.substr(std::min(first, words.size()));
    return std::string(base::utf8_prefix(line.substr(0, line.find('\n')), title_bytes_max));
}

std::string_view without_blank_end(std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t\n") + 1);
}

std::string last_paragraph(std::string_view text) {
    text = without_blank_end(text);
    const auto gap = text.rfind("\n\n");
    return std::string(gap == std::string_view::npos ? text : text.substr(gap + 2));
}

// A text that would be many messages becomes its beginning; the whole of it goes into a file.
// Returns how it ends, which is where it asks; nothing if it stays whole.
std::string shorten(std::vector<std::string>& texts, std::vector<OutgoingFile>& files,
                    const std::string& text, const App& app) {
    auto whole = text::clean_text(text);
    if (whole.size() > media_bytes_max(MediaKind::file)) {
        return {};  // then in all its parts
    }
    const auto more = std::string("\n\n").append(words_for_the_rest(text));
    const auto pieces = split(text, app, text::PartNumbers::none, message_bytes_max - more.size());
    texts = {std::string(without_blank_end(pieces.front())) + more};
    files.insert(files.begin(), markdown_file(title_of(text), std::move(whole)));
    return last_paragraph(pieces.back());
}

// What was asked last is what a number answers: behind an answer that asks nothing it would be
// taken for a press of choices that the member has above that.
std::string numbers_ended_by(const OutboundMessage& message, const Route& route) {
    const auto* member = std::get_if<UserId>(&route.to);
    const bool ends = member != nullptr && message.reply_to && !message.question &&
                      message.role == ReplyRole::final_reply &&
                      route.app->choices == ChoiceStyle::text;
    return ends ? question_chat(*route.app, *member) : "";
}

// Puts together the parts of a message to one recipient.
class Parts {
public:
    Parts(const Route& route, PlannedMessage& planned) : route_(route), planned_(planned) {}

    void add(durable::NewPart part) { planned_.message.parts.push_back(std::move(part)); }

    void add_text(const std::string& text) {
        planned_.message.parts.push_back(
            {.payload = request_of(text), .preview = durable::preview_of(text)});
    }

    void add_link(const LinkCard& card) {
        add({.payload = format_textcard_send({.to = route_.to,
                                              .agent = route_.app->agent,
                                              .title = card.title,
                                              .description = card.words,
                                              .url = card.url}),
             .preview = durable::preview_of(card.title + ' ' + card.url)});
    }

    // `context`: in whose language a member is told that it can't be sent.
    void add_file(OutgoingFile file, std::string_view context) {
        if (file.problem != OutgoingFile::Problem::none) {
            add_text(words_for_unsent(file, file.problem, context));
            return;
        }
        durable::NewPart part{
            .payload = format_media_send(route_.to, route_.app->agent, file.kind, file.media_id),
            .preview = file_preview(file)};
        if (file.source) {
            const auto otherwise =
                words_for_unsent(file, OutgoingFile::Problem::unreadable, context);
            part.payload_without = request_of(otherwise);
            part.preview_without = durable::preview_of(otherwise);
            planned_.files.push_back({.part = planned_.message.parts.size(),
                                      .name = std::move(file.name),
                                      .source = std::move(file.source)});
        }
        add(std::move(part));
    }

private:
    std::string request_of(const std::string& text) const {
        return format_message_send({.to = route_.to,
                                    .agent = route_.app->agent,
                                    .format = route_.app->reply_format,
                                    .content = text});
    }

    const Route& route_;
    PlannedMessage& planned_;
};

std::optional<SendResult> check(const OutboundMessage& message, std::size_t files) {
    if (files > attachments_max) {
        return refuse(SendError::invalid, "the message has " + std::to_string(files) +
                                              " attachments, and one may have " +
                                              std::to_string(attachments_max) +
                                              ": send the rest in another one");
    }
    if (message.question) {
        if (auto problem = problem_of(*message.question, message.text)) {
            return refuse(SendError::invalid, std::move(*problem));
        }
    }
    return std::nullopt;
}

}  // namespace

std::variant<PlannedMessage, SendResult> plan_outgoing(const OutboundMessage& message,
                                                       std::vector<OutgoingFile> files,
                                                       const Settings& settings,
                                                       const OutgoingContext& context) {
    if (auto refused = check(message, files.size())) {
        return std::move(*refused);
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
    const auto found =
        find_route({.chat = message.chat.value,
                    .account = message.account,
                    .answered_account = *context.answered_account,
                    .is_notice = !message.reply_to && context.answered_account->empty()},
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
    const auto link = app.link_cards && !message.question
                          ? link_card_of(message.text, text::clean_markdown_to_text)
                          : std::nullopt;
    auto texts =
        link ? std::vector<std::string>() : split(message.text, app, settings.part_numbers);
    if (!link && texts.empty() && files.empty()) {
        return refuse(SendError::invalid, "the message has no text, and WeCom refuses a blank one");
    }
    std::string left_out;
    // What one message holds stays one, also with `parts_max: 1`: a file of it would say no more,
    // and WeCom takes none of a few bytes.
    if (settings.parts_max != 0 && texts.size() > 1 && texts.size() >= settings.parts_max) {
        left_out = shorten(texts, files, message.text, app);
    }
    std::optional<durable::NewPart> card;
    std::optional<AskedQuestion> asked;
    if (message.question) {
        const auto* member = std::get_if<UserId>(&route.to);
        if (member == nullptr) {
            return refuse(SendError::invalid, "a question is put to one member, and " +
                                                  message.chat.value + " names many");
        }
        asked = asked_question(message, app, *member, context.unique);
        card = add_question(texts, left_out, message.text, *asked, app, *member);
    }
    PlannedMessage planned{.message = durable::new_message(message)};
    planned.message.account = app.account();
    planned.message.chat = Destination{app.corp, route.to}.str();
    planned.message.lifetime = settings.delivery_deadline;
    Parts parts(route, planned);
    if (link) {
        parts.add_link(*link);
    }
    for (const auto& text : texts) {
        parts.add_text(text);
    }
    if (asked && app.choices == ChoiceStyle::text) {
        asked->awaits = name_of_part(planned.message.parts.back().payload);
    }
    for (auto& file : files) {
        const auto language = message.text.empty() ? file.name : message.text;
        parts.add_file(std::move(file), language);
    }
    if (card) {
        parts.add(std::move(*card));
    }
    planned.asked = std::move(asked);
    planned.ends_numbers_of = numbers_ended_by(message, route);
    return planned;
}

}  // namespace hermes::wecom
