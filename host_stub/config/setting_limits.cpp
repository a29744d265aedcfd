#include "config/setting_limits.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "config/setting_value.hpp"

namespace hermes::host {
namespace {

constexpr SettingLimits none{};

// In the largest unit that leaves no rest.
std::string duration_text(std::int64_t seconds) {
    constexpr std::pair<std::int64_t, char> units[]{{86'400, 'd'}, {3'600, 'h'}, {60, 'm'}};
    for (const auto& [length, unit] : units) {
        if (seconds != 0 && seconds % length == 0) {
            return std::to_string(seconds / length) + unit;
        }
    }
    return std::to_string(seconds) + 's';
}

std::string bounds_text(const Setting& row) {
    const auto text = [&](std::int64_t bound) {
        return row.type == SettingType::duration ? duration_text(bound) : std::to_string(bound);
    };
    if (row.limits.high == none.high) {
        return "at least " + text(row.limits.low);
    }
    return row.limits.low == none.low ? "at most " + text(row.limits.high)
                                      : text(row.limits.low) + " to " + text(row.limits.high);
}

}  // namespace

bool has_bounds(const Setting& row) noexcept {
    return row.limits.low != none.low || row.limits.high != none.high;
}

std::vector<std::string> choices_of(const Setting& row) {
    if (row.limits.choices == nullptr) {
        return {};
    }
    const auto list = to_value(SettingType::string_list,
                               node_of_text(SettingType::string_list, row.limits.choices));
    return std::get<std::vector<std::string>>(*list);
}

bool is_within_limits(const Setting& row, const SettingValue& value) {
    const auto in_bounds = [&](std::int64_t number) {
        return number >= row.limits.low && number <= row.limits.high;
    };
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return in_bounds(*number);
    }
    if (const auto* time = std::get_if<std::chrono::seconds>(&value)) {
        return in_bounds(time->count());
    }
    const auto choices = choices_of(row);
    const auto is_choice = [&](const std::string& text) {
        return choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end();
    };
    if (const auto* text = std::get_if<std::string>(&value)) {
        return is_choice(*text);
    }
    const auto* list = std::get_if<std::vector<std::string>>(&value);
    return list == nullptr || std::all_of(list->begin(), list->end(), is_choice);
}

std::string limits_text(const Setting& row) {
    if (has_bounds(row)) {
        return bounds_text(row);
    }
    const auto choices = choices_of(row);
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + choices[i];
    }
    return text;
}

}  // namespace hermes::host
