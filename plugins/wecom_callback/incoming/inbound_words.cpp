#include "incoming/inbound_words.hpp"

#include <initializer_list>
#include <string_view>

namespace hermes::wecom {
namespace {

std::string act(std::string_view what, std::string_view told = {}) {
    std::string text = '[' + std::string(what) + ']';
    if (!told.empty()) {
        text += ' ';
        text += told;
    }
    return text;
}

// Those that are not empty, with `separator` between them.
std::string joined(std::initializer_list<std::string_view> parts, std::string_view separator) {
    std::string text;
    for (const auto part : parts) {
        if (!part.empty()) {
            text += text.empty() ? "" : separator;
            text += part;
        }
    }
    return text;
}

std::string place(const InboundMessage& message, const std::string& folder) {
    const auto field = [&](std::string_view name) {
        return message.field(folder + std::string(name));
    };
    auto name = joined({field("Poiname"), field("Label")}, ", ");
    const auto latitude = field("Location_X");
    const auto longitude = field("Location_Y");
    if (latitude.empty() || longitude.empty()) {
        return name;
    }
    const auto where =
        "(latitude " + std::string(latitude) + ", longitude " + std::string(longitude) + ')';
    return joined({name, where}, " ");
}

std::string voice(const InboundMessage& message) {
    // No document of WeCom has this field; official accounts of WeChat send it, and it may come.
    const auto spoken = message.field("Recognition");
    return spoken.empty() ? act("sent a voice message") : std::string(spoken);
}

std::string card_answer(const InboundMessage& message) {
    std::string selected;
    for (const auto& selection : message.card->selections) {
        selected += selected.empty() ? "" : ", ";
        selected += selection.question_key + ':';
        for (const auto& option : selection.option_ids) {
            selected += ' ' + option;
        }
    }
    return act("answered a card", joined({message.event_key, selected}, " "));
}

}  // namespace

std::string readable(const InboundMessage& message) {
    switch (message.kind) {
        case InboundKind::text:
            return message.text;
        case InboundKind::image:
            return act("sent a picture");
        case InboundKind::voice:
            return voice(message);
        case InboundKind::video:
            return act("sent a video");
        case InboundKind::file:
            return act("sent a file", message.file_name);
        case InboundKind::location:
            return act("sent a place", place(message, ""));
        case InboundKind::link:
            return act(
                "sent a link",
                joined({message.field("Title"), message.field("Description"), message.url}, "\n"));
        case InboundKind::click:
            return act("chose a menu entry", message.event_key);
        case InboundKind::scan:
            return act(message.event == "scancode_waitmsg"
                           ? "scanned a code, and waits for an answer"
                           : "scanned a code",
                       message.field("ScanCodeInfo/ScanResult"));
        case InboundKind::chosen_place:
            return act("chose a place", place(message, "SendLocationInfo/"));
        case InboundKind::card_answer:
            return card_answer(message);
        case InboundKind::card_menu_choice:
            return act("chose from a card's menu", message.event_key);
        case InboundKind::enter_agent:
        case InboundKind::other_event:
        case InboundKind::unknown:
            break;
    }
    return act(message.msg_type, message.event);
}

}  // namespace hermes::wecom
