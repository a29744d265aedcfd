#include "outgoing/outgoing_question.hpp"

#include <string_view>
#include <utility>

#include "durable/database/preview.hpp"
#include "protocol/api_json.hpp"
#include "text/markdown.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {

namespace {

// With the last text, or after it if both together are too long.
void append_lines(std::vector<std::string>& texts, const std::string& lines) {
    constexpr std::string_view gap = "\n\n";
    if (lines.empty()) {
        return;
    }
    if (!texts.empty() && texts.back().size() + gap.size() + lines.size() <= message_bytes_max) {
        texts.back().append(gap).append(lines);
    } else {
        const auto parts = text::split_text(lines, message_bytes_max, text::PartNumbers::none);
        texts.insert(texts.end(), parts.begin(), parts.end());
    }
}

std::string bracketed(const std::vector<std::string>& labels) {
    std::string line;
    for (const auto& label : labels) {
        line += (line.empty() ? "[" : " [") + label + ']';
    }
    return line;
}

}  // namespace

bool asks_for_number(std::string_view request) {
    const auto asks = [&](Language language) {
        return request.find(member_words(language).reply_a_number) != std::string_view::npos;
    };
    return asks(Language::english) || asks(Language::chinese);
}

std::string question_chat(const App& app, const UserId& member) {
    return app.corp.str() + ':' + member.folded();
}

AskedQuestion asked_question(const OutboundMessage& message, const App& app, const UserId& member,
                             const std::string& unique) {
    const auto language = language_of(message.text);
    return {.task_id = make_task_id(language, unique),
            .question = *message.question,
            .chat = question_chat(app, member),
            .asked_in = message.reply_to ? message.reply_to->value : "",
            .language = language};
}

std::optional<durable::NewPart> add_question(std::vector<std::string>& texts,
                                             const std::string& left_out, const std::string& text,
                                             const AskedQuestion& asked, const App& app,
                                             const UserId& member) {
    if (app.choices == ChoiceStyle::text) {
        append_lines(texts, left_out);
        append_lines(texts, numbered_choices(asked.question.choices) + "\n\n" +
                                std::string(member_words(asked.language).reply_a_number));
        return std::nullopt;
    }
    const auto planned = plan_card(asked, text::clean_markdown_to_text(text), member, app.agent);
    if (!planned.text_goes_before) {
        texts.clear();
    }
    if (planned.text_goes_before && planned.card.detail.empty()) {
        append_lines(texts, left_out);
    }
    if (planned.choices_go_before) {
        append_lines(texts, numbered_choices(asked.question.choices));
    }
    auto request = format_question_card(planned.card);
    auto preview = durable::preview_of(planned.card.title + ' ' + bracketed(planned.card.labels));
    return durable::NewPart{.payload = std::move(request), .preview = std::move(preview)};
}

}  // namespace hermes::wecom
