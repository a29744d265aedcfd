#include "config/setting_value.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

std::optional<std::int64_t> to_integer(std::string_view text) {
    text = base::trim(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<bool> to_boolean(std::string_view text) {
    const auto word = base::lower(base::trim(text));
    if (word == "true" || word == "yes" || word == "on" || word == "1") {
        return true;
    }
    if (word == "false" || word == "no" || word == "off" || word == "0") {
        return false;
    }
    return std::nullopt;
}

std::int64_t seconds_in(char unit) {
    switch (unit) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return std::int64_t{60} * 60;
        case 'd':
            return std::int64_t{24} * 60 * 60;
        default:
            return 0;
    }
}

std::optional<std::chrono::seconds> to_seconds(std::string_view text) {
    text = base::trim(text);
    std::int64_t unit = 1;
    if (!text.empty() && seconds_in(text.back()) != 0) {
        unit = seconds_in(text.back());
        text.remove_suffix(1);
    }
    const auto count = to_integer(text);
    if (!count || *count < 0 || *count > std::numeric_limits<std::int64_t>::max() / unit) {
        return std::nullopt;
    }
    return std::chrono::seconds{*count * unit};
}

std::optional<SettingValue> scalar(SettingType type, const std::string& text) {
    switch (type) {
        case SettingType::string:
            return text;
        case SettingType::integer:
            return to_integer(text);
        case SettingType::boolean:
            return to_boolean(text);
        case SettingType::duration:
            return to_seconds(text);
        case SettingType::string_list:
            break;
    }
    return std::nullopt;
}

}  // namespace

std::optional<SettingValue> to_value(SettingType type, const ConfigNode& written) {
    if (type != SettingType::string_list) {
        return written.kind == ConfigNode::Kind::scalar ? scalar(type, written.text) : std::nullopt;
    }
    if (written.kind != ConfigNode::Kind::list) {
        return std::nullopt;
    }
    std::vector<std::string> list;
    for (const auto& item : written.items) {
        if (item.kind != ConfigNode::Kind::scalar) {
            return std::nullopt;
        }
        list.push_back(item.text);
    }
    return list;
}

ConfigNode node_of_text(SettingType type, std::string_view text) {
    ConfigNode node;
    if (type != SettingType::string_list) {
        node.kind = ConfigNode::Kind::scalar;
        node.text = text;
        return node;
    }
    node.kind = ConfigNode::Kind::list;
    text = base::trim(text);
    if (text.starts_with('[') && text.ends_with(']')) {  // a default, written as in YAML
        text = text.substr(1, text.size() - 2);
    }
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        const auto item = base::trim(text.substr(0, end));
        if (!item.empty()) {
            ConfigNode scalar_item;
            scalar_item.kind = ConfigNode::Kind::scalar;
            scalar_item.text = item;
            node.items.push_back(std::move(scalar_item));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return node;
}

std::string_view name_of(SettingType type) noexcept {
    switch (type) {
        case SettingType::string:
            return "string";
        case SettingType::integer:
            return "integer";
        case SettingType::boolean:
            return "true or false";
        case SettingType::duration:
            return "duration";
        case SettingType::string_list:
            return "list of strings";
    }
    return "";
}

std::string_view expected(SettingType type) noexcept {
    switch (type) {
        case SettingType::string:
            return "a string";
        case SettingType::integer:
            return "an integer";
        case SettingType::boolean:
            return "true or false";
        case SettingType::duration:
            return "a duration such as 30s, 45m, 24h or 7d";
        case SettingType::string_list:
            return "a list of strings, such as [a, b]";
    }
    return "";
}

std::string describe(const ConfigNode& written, SettingSecrecy secrecy) {
    switch (written.kind) {
        case ConfigNode::Kind::null:
            return "nothing";
        case ConfigNode::Kind::list:
            return "a list";
        case ConfigNode::Kind::map:
            return "a map";
        case ConfigNode::Kind::scalar:
            break;
    }
    return secrecy == SettingSecrecy::secret ? "something else" : "\"" + written.text + "\"";
}

}  // namespace hermes::host
