#include "simulator/past_json.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace hermes::host::simulator {

// NOLINTBEGIN(cppcoreguidelines-*,modernize-*): of the library's making.
BOOST_DESCRIBE_STRUCT(CardPress, (),
                      (key, task_id, card_type, response_code, question_key, option_ids))
BOOST_DESCRIBE_STRUCT(MemberMessage, (),
                      (kind, text, media_id, file_name, url, format, title, description, latitude,
                       longitude, label, event, event_key, card, scanned))
BOOST_DESCRIBE_STRUCT(ChatEntry, (),
                      (number, from, at, app, user_id, type, content, cut, state, attempts,
                       acknowledged_after, msgid, media_id, answers, card_label, message))
BOOST_DESCRIBE_STRUCT(WireStep, (),
                      (sequence, at, kind, app, user_id, event, entry, is_unprompted, gateway,
                       attempt, elapsed, status, errcode, summary, request, response, plain))
BOOST_DESCRIBE_STRUCT(Media, (), (type, corp_id, file_name, content_type, stored_at, said_length))
// NOLINTEND(cppcoreguidelines-*,modernize-*)

namespace {

namespace json = boost::json;

template <typename T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
template <typename T>
concept Described = boost::describe::has_describe_members<T>::value;

// By their names: another version may number them otherwise.
std::string_view name_of(ChatEntry::From from) noexcept {
    return from == ChatEntry::From::member ? "member" : "app";
}
template <typename Enum>
std::string_view name_of(Enum value) noexcept {
    return to_string(value);
}
constexpr auto last_of(ChatEntry::From /*of*/) {
    return ChatEntry::From::app;
}
constexpr auto last_of(EntryState /*of*/) {
    return EntryState::recalled;
}
constexpr auto last_of(MemberMessageKind /*of*/) {
    return MemberMessageKind::event;
}
constexpr auto last_of(StepKind /*of*/) {
    return StepKind::gateway_ended;
}

json::value to_json(const std::string& text) {
    return json::value(text);
}
template <typename Number>
requires std::integral<Number> json::value to_json(Number number) {
    return json::value(number);
}
template <typename Enum>
requires std::is_enum_v<Enum> json::value to_json(Enum value) {
    return json::value(name_of(value));
}
json::value to_json(base::WallTime time) {
    return json::value(base::to_unix_ms(time));
}
json::value to_json(std::chrono::milliseconds time) {
    return json::value(time.count());
}
json::value to_json(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}
template <Described T>
json::value to_json(const T& value);
template <typename T>
json::value to_json(const std::optional<T>& value) {
    return value ? to_json(*value) : json::value();
}
template <typename T>
json::value to_json(const std::shared_ptr<const T>& value) {
    return value ? to_json(*value) : json::value();
}
template <Described T>
json::value to_json(const T& value) {
    json::object object;
    boost::mp11::mp_for_each<Members<T>>(
        [&](auto member) { object[member.name] = to_json(value.*member.pointer); });
    return object;
}

void take(const json::value& from, std::string& text) {
    if (const auto* const string = from.if_string()) {
        text = *string;
    }
}
void take(const json::value& from, bool& is_true) {
    is_true = from.is_bool() ? from.get_bool() : is_true;
}
template <typename Number>
requires std::integral<Number>
void take(const json::value& from, Number& number) {
    boost::system::error_code error;
    const auto read = from.to_number<Number>(error);
    number = error ? number : read;
}
template <typename Enum>
requires std::is_enum_v<Enum>
void take(const json::value& from, Enum& value) {
    for (int number = 0; from.is_string() && number <= static_cast<int>(last_of(value)); ++number) {
        if (name_of(static_cast<Enum>(number)) == std::string_view(from.get_string())) {
            value = static_cast<Enum>(number);
            return;
        }
    }
}
void take(const json::value& from, base::WallTime& time) {
    std::int64_t read = base::to_unix_ms(time);
    take(from, read);
    time = base::from_unix_ms(read);
}
void take(const json::value& from, std::chrono::milliseconds& time) {
    auto read = time.count();
    take(from, read);
    time = std::chrono::milliseconds(read);
}
void take(const json::value& from, std::vector<std::string>& texts) {
    if (const auto* const array = from.if_array()) {
        for (const auto& item : *array) {
            take(item, texts.emplace_back());
        }
    }
}
template <Described T>
void take(const json::value& from, T& value);
template <typename T>
void take(const json::value& from, std::optional<T>& value) {
    if (!from.is_null()) {
        take(from, value.emplace());
    }
}
template <typename T>
void take(const json::value& from, std::shared_ptr<const T>& value) {
    if (!from.is_null()) {
        auto made = std::make_shared<T>();
        take(from, *made);
        value = std::move(made);
    }
}
template <Described T>
void take(const json::value& from, T& value) {
    if (const auto* const object = from.if_object()) {
        boost::mp11::mp_for_each<Members<T>>([&](auto member) {
            if (const auto* const found = object->if_contains(member.name)) {
                take(*found, value.*member.pointer);
            }
        });
    }
}

template <typename T>
std::optional<T> parse(std::string_view text) {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    boost::system::error_code error;
    const auto parsed = json::parse(text, error, {}, options);
    if (error || !parsed.is_object()) {
        return std::nullopt;
    }
    T value;
    take(parsed, value);
    return value;
}

}  // namespace

std::string format_past(const ChatEntry& entry) {
    return json::serialize(to_json(entry));
}

std::string format_past(const WireStep& step) {
    return json::serialize(to_json(step));
}

std::string format_past(const Media& media) {
    return json::serialize(to_json(media));
}

std::optional<ChatEntry> parse_past_entry(std::string_view text) {
    return parse<ChatEntry>(text);
}

std::optional<WireStep> parse_past_step(std::string_view text) {
    return parse<WireStep>(text);
}

std::optional<Media> parse_past_media(std::string_view text) {
    return parse<Media>(text);
}

}  // namespace hermes::host::simulator
