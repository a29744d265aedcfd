#include "protocol/inbound.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/ascii.hpp"
#include "protocol/xml.hpp"

namespace hermes::wecom {
namespace {

// WeCom doc 90239: a 64-bit number.
constexpr std::size_t msg_id_digits_max = 20;

// In the year 2255. Later times do not fit a clock that counts nanoseconds in 64 bits (2262).
constexpr std::int64_t create_time_max_s = 9'000'000'000;

std::string_view trimmed(const XmlFields& fields, std::string_view path) noexcept {
    return base::trim(fields.get(path));
}

// Events that belong to no app come with an empty AgentID or with 0.
base::Result<std::optional<AgentId>> parse_agent(std::string_view text) {
    std::optional<AgentId> agent;
    if (!text.empty() && text != "0") {
        auto parsed = AgentId::parse(text);
        if (!parsed) {
            return parsed.error();
        }
        agent = *parsed;
    }
    return agent;
}

base::Result<std::int64_t> parse_create_time(std::string_view text) {
    std::int64_t seconds = 0;
    if (text.empty()) {
        return seconds;
    }
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc() || stop != end || seconds < 0 || seconds > create_time_max_s) {
        return CallbackError::bad_timestamp;
    }
    return seconds;
}

bool is_msg_id(std::string_view text) noexcept {
    return text.size() <= msg_id_digits_max &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view url_of(InboundKind kind, const XmlFields& fields) noexcept {
    switch (kind) {
        case InboundKind::image:
            return trimmed(fields, "PicUrl");
        case InboundKind::link:
            return trimmed(fields, "Url");
        default:
            return {};
    }
}

// The selections of SelectedItems in document order: a QuestionKey begins one, and the OptionIds
// after it are its own. `OpitonIds/OpitonId` is how older samples spell it.
std::vector<CardAnswer::Selection> selections_of(const XmlFields& fields) {
    std::vector<CardAnswer::Selection> selections;
    for (const auto& [path, value] : fields.all()) {
        if (path == "SelectedItems/SelectedItem/QuestionKey") {
            selections.push_back({.question_key = value, .option_ids = {}});
        } else if ((path == "SelectedItems/SelectedItem/OptionIds/OptionId" ||
                    path == "SelectedItems/SelectedItem/OpitonIds/OpitonId") &&
                   !selections.empty()) {
            selections.back().option_ids.push_back(value);
        }
    }
    return selections;
}

std::optional<CardAnswer> card_of(InboundKind kind, const XmlFields& fields) {
    if (kind != InboundKind::card_answer && kind != InboundKind::card_menu_choice) {
        return std::nullopt;
    }
    return CardAnswer{.task_id = std::string(trimmed(fields, "TaskId")),
                      .card_type = std::string(trimmed(fields, "CardType")),
                      .response_code = std::string(trimmed(fields, "ResponseCode")),
                      .selections = selections_of(fields)};
}

}  // namespace

base::Result<InboundMessage> parse_inbound(std::string_view xml) {
    auto fields = XmlFields::parse(xml);
    if (!fields) {
        return fields.error();
    }
    const auto to = trimmed(*fields, "ToUserName");
    const auto from = trimmed(*fields, "FromUserName");
    const auto msg_type = trimmed(*fields, "MsgType");
    if (to.empty() || from.empty() || msg_type.empty()) {
        return CallbackError::missing_field;
    }
    auto corp = CorpId::parse(to);
    auto user = UserId::parse(from);
    auto agent = parse_agent(trimmed(*fields, "AgentID"));
    const auto msg_id = trimmed(*fields, "MsgId");
    if (!corp || !user || !agent || !is_msg_id(msg_id)) {
        return CallbackError::bad_identifier;
    }
    const auto create_time = parse_create_time(trimmed(*fields, "CreateTime"));
    if (!create_time) {
        return create_time.error();
    }
    auto event = base::lower(trimmed(*fields, "Event"));
    const auto kind = inbound_rule(msg_type, event).kind;
    InboundMessage message{.kind = kind,
                           .msg_type = std::string(msg_type),
                           .to_corp = std::move(*corp),
                           .from_user = std::move(*user),
                           .agent = *agent,
                           .msg_id = std::string(msg_id),
                           .create_time_s = *create_time,
                           .event = std::move(event),
                           .event_key = std::string(trimmed(*fields, "EventKey")),
                           .text = std::string(trimmed(*fields, "Content")),
                           .media_id = std::string(trimmed(*fields, "MediaId")),
                           .file_name = std::string(trimmed(*fields, "FileName")),
                           .url = std::string(url_of(kind, *fields)),
                           .card = card_of(kind, *fields),
                           .fields = {}};
    message.fields = std::move(*fields).all();
    return message;
}

std::string_view InboundMessage::field(std::string_view path) const noexcept {
    const auto found = std::ranges::find(
        fields, path, [](const auto& leaf) { return std::string_view(leaf.first); });
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace hermes::wecom
