#include "config/section.hpp"

#include <algorithm>

#include "config/nearest_key.hpp"
#include "config/setting_limits.hpp"
#include "config/setting_value.hpp"

namespace hermes::host {
namespace {

// What was written instead of what `row` allows, and which choice was probably meant.
std::string got(const Setting& row, const ConfigNode& written) {
    if (row.secrecy == SettingSecrecy::plain && has_bounds(row)) {
        return ", got " + written.text;
    }
    return ", got " + describe(written, row.secrecy) + did_you_mean(written.text, choices_of(row));
}

}  // namespace

const Setting* find_row(std::span<const Setting> rows, std::string_view key) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const Setting& r) { return key == r.key; });
    return row == rows.end() ? nullptr : &*row;
}

bool is_map_or_null(const ConfigNode& node) {
    return node.kind == ConfigNode::Kind::map || node.kind == ConfigNode::Kind::null;
}

std::string expected_a_map(std::string_view path, const ConfigNode& node) {
    return std::string(path) + ": expected a map, got " + describe(node, SettingSecrecy::secret);
}

bool convert(const Setting& row, const ConfigNode& written, const std::string& name,
             SettingsMap& into, Problems& problems) {
    auto value = to_value(row.type, written);
    if (!value) {
        problems.errors.push_back(name + ": expected " + std::string(expected(row.type)) +
                                  ", got " + describe(written, row.secrecy));
        return false;
    }
    if (!is_within_limits(row, *value)) {
        problems.errors.push_back(name + ": expected " + limits_text(row) + got(row, written));
        return false;
    }
    into.values.insert_or_assign(row.key, *std::move(value));
    return true;
}

SettingsMap read_section(std::string_view path, const ConfigNode& section,
                         std::span<const Setting> rows, Problems& problems) {
    SettingsMap result;
    if (!is_map_or_null(section)) {
        problems.errors.push_back(expected_a_map(path, section));
        return result;
    }
    std::vector<std::string> known;
    for (const auto& row : rows) {
        known.emplace_back(row.key);
        const auto* value = section.find(row.key);
        const auto name = std::string(path) + "." + row.key;
        if (value != nullptr && value->kind != ConfigNode::Kind::null) {
            convert(row, *value, name, result, problems);
        } else if (row.default_value != nullptr) {
            convert(row, node_of_text(row.type, row.default_value), name, result, problems);
        }
    }
    for (const auto& [key, value] : section.entries) {
        if (find_row(rows, key) == nullptr) {
            problems.errors.push_back(unknown_key(std::string(path) + ".", key, known));
        }
    }
    return result;
}

}  // namespace hermes::host
