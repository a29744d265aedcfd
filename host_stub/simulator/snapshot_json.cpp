#include "simulator/snapshot_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string_view>

#include "simulator/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// The length of the UTF-8 character at the start of `text`; 0 if there is none. RFC 3629.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0U;
    };
    const auto first = byte(0);
    const auto length = first < 0x80   ? 1U
                        : first < 0xc2 ? 0U
                        : first < 0xe0 ? 2U
                        : first < 0xf0 ? 3U
                        : first < 0xf5 ? 4U
                                       : 0U;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool is_overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
    const bool is_no_character =
        (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
    return is_overlong || is_no_character ? 0 : length;
}

json::string utf8(std::string_view text) {
    json::string result;
    while (!text.empty()) {
        const auto length = character_length(text);
        result.append(length == 0 ? replacement : text.substr(0, length));
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

json::object object_of(const ChatEntry& entry) {
    json::object object;
    object["number"] = entry.number;
    object["from"] = entry.from == ChatEntry::From::member ? "member" : "app";
    object["at_ms"] = support::to_unix_ms(entry.at);
    object["app"] = entry.app;
    object["user"] = entry.user_id;
    object["type"] = entry.type;
    object["content"] = utf8(entry.content);
    object["cut"] = entry.cut;
    object["state"] = to_string(entry.state);
    object["attempts"] = entry.attempts;
    object["acknowledged_ms"] = nullptr;
    if (entry.acknowledged_after) {
        object["acknowledged_ms"] = entry.acknowledged_after->count();
    }
    object["msgid"] = entry.msgid;
    return object;
}

json::object object_of(const WireStep& step) {
    json::object object;
    object["sequence"] = step.sequence;
    object["at_ms"] = support::to_unix_ms(step.at);
    object["kind"] = to_string(step.kind);
    object["app"] = step.app;
    object["user"] = utf8(step.user_id);
    object["entry"] = step.entry;
    object["attempt"] = step.attempt;
    object["elapsed_ms"] = step.elapsed.count();
    object["status"] = step.status;
    object["errcode"] = step.errcode;
    object["summary"] = utf8(step.summary);
    object["request"] = utf8(step.request);
    object["response"] = utf8(step.response);
    object["plain"] = utf8(step.plain);
    return object;
}

json::object object_of(const Corp& corp) {
    json::object object;
    object["id"] = corp.id;
    object["name"] = corp.name;
    return object;
}

json::object object_of(const App& app) {
    json::object object;
    object["name"] = app.name;
    object["corp"] = app.corp_id;
    object["agent_id"] = app.agent_id;
    object["callback_url"] = app.callback_url;
    return object;
}

json::object object_of(const Member& member) {
    json::object object;
    object["corp"] = member.corp_id;
    object["user"] = member.user_id;
    object["name"] = member.name;
    return object;
}

json::object object_of(const NamedFault& fault) {
    json::object object;
    object["name"] = fault.name;
    object["text"] = fault.text;
    return object;
}

json::object object_of(const ActiveFault& active) {
    json::object object;
    object["id"] = active.id;
    object["name"] = active.fault.name;
    object["kind"] = to_string(active.fault.kind);
    object["left"] = nullptr;
    if (active.fault.times) {
        object["left"] = *active.fault.times - active.met;
    }
    return object;
}

template <typename Items>
json::array array_of(const Items& items) {
    json::array array;
    for (const auto& item : items) {
        array.emplace_back(object_of(item));
    }
    return array;
}

}  // namespace

std::string to_json(const Snapshot& snapshot) {
    json::object object;
    object["corps"] = array_of(snapshot.world.corps);
    object["apps"] = array_of(snapshot.world.apps);
    object["members"] = array_of(snapshot.world.members);
    object["entries"] = array_of(snapshot.entries);
    object["steps"] = array_of(snapshot.steps);
    object["api_is_up"] = snapshot.api_is_up;
    object["faults"] = array_of(named_faults());
    object["active_faults"] = array_of(snapshot.faults);
    return json::serialize(object);
}

std::string to_json(const ChatEntry& entry) {
    return json::serialize(object_of(entry));
}

std::string to_json(const WireStep& step) {
    return json::serialize(object_of(step));
}

}  // namespace hermes::host::simulator
