#include "settings_section.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>

#include "settings.hpp"
#include "settings_table.hpp"

namespace hermes::wecom {

namespace {

namespace json = boost::json;

const Setting* find_setting(std::string_view key) noexcept {
    for (const auto& row : settings_table) {
        if (row.key == key) {
            return &row;
        }
    }
    return nullptr;
}

}  // namespace

void Section::problem(std::string_view key, std::string_view sentence) const {
    problems_->push_back(path(key) + ' ' + std::string(sentence));
}

bool Section::has(std::string_view key) const {
    const auto* value = values_->if_contains(key);
    return value != nullptr && !value->is_null();
}

std::string Section::text(std::string_view key) const {
    if (!has(key)) {
        const auto* row = find_setting(key);
        return row != nullptr && row->default_value != nullptr ? row->default_value : "";
    }
    const auto& value = values_->at(key);
    if (value.is_string()) {
        return std::string(value.get_string());
    }
    if (value.is_int64() || value.is_uint64()) {
        return json::serialize(value);
    }
    problem(key, "must be text");
    return "";
}

std::string Section::required_text(std::string_view key) const {
    if (!has(key)) {
        problem(key, "is missing");
        return "";
    }
    auto value = text(key);
    if (value.empty()) {
        problem(key, "is empty");
    }
    return value;
}

std::int64_t Section::integer(std::string_view key, std::int64_t low, std::int64_t high) const {
    const auto digits = text(key);
    std::int64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end || number < low || number > high) {
        problem(key,
                "must be a number from " + std::to_string(low) + " to " + std::to_string(high));
        return low;
    }
    return number;
}

bool Section::boolean(std::string_view key) const {
    const auto* value = values_->if_contains(key);
    if (value != nullptr && value->is_bool()) {
        return value->get_bool();
    }
    const auto word = text(key);
    if (word != "true" && word != "false") {
        problem(key, "must be true or false");
    }
    return word == "true";
}

std::chrono::seconds Section::duration(std::string_view key) const {
    if (!has(key)) {
        return std::chrono::hours{24};
    }
    constexpr std::int64_t thirty_days = 30LL * 24 * 3600;
    return std::chrono::seconds{integer(key, 1, thirty_days)};
}

std::vector<std::string> Section::list(std::string_view key) const {
    std::vector<std::string> items;
    if (!has(key)) {
        return items;
    }
    const auto* array = values_->at(key).if_array();
    if (array == nullptr) {
        problem(key, "must be a list");
        return items;
    }
    for (const auto& item : *array) {
        if (item.is_string()) {
            items.emplace_back(item.get_string());
        } else if (item.is_int64() || item.is_uint64()) {
            items.push_back(json::serialize(item));
        } else {
            problem(key, "must be a list of texts");
        }
    }
    return items;
}

void Section::refuse_unknown_keys(Place place) const {
    for (const auto& pair : *values_) {
        const std::string_view key(pair.key().data(), pair.key().size());
        const auto* row = find_setting(key);
        if (row == nullptr) {
            if (key != apps_key || place == Place::app) {
                problem(key, "is not a known key");
            }
        } else if (row->scope == SettingScope::platform && place == Place::app) {
            problem(key, "belongs to the platform, not to an app");
        } else if (row->scope == SettingScope::entry && place == Place::top_with_apps) {
            problem(key, "belongs into an entry of `apps`, since there is such a list");
        }
    }
}

}  // namespace hermes::wecom
