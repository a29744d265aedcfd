// Settings as text that a test can compare: `port: 1, open: false, users: [a, b]`, by key.
#pragma once

#include <string>
#include <variant>

#include "hermes/settings.hpp"

namespace hermes::test {

inline std::string text_of(const SettingValue& value) {
    struct Writer {
        std::string operator()(const std::string& text) const { return '"' + text + '"'; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::chrono::seconds time) const {
            return std::to_string(time.count()) + 's';
        }
        std::string operator()(const std::vector<std::string>& list) const {
            std::string text;
            for (const auto& item : list) {
                text += (text.empty() ? "" : ", ") + item;
            }
            return '[' + text + ']';
        }
    };
    return std::visit(Writer{}, value);
}

inline std::string text_of(const SettingsMap& settings) {
    std::string text;
    for (const auto& [key, value] : settings.values) {
        text += (text.empty() ? "" : ", ") + key + ": " + text_of(value);
    }
    return text;
}

// Each entry on a line of its own.
inline std::string text_of(const PlatformSettings& settings) {
    auto text = text_of(static_cast<const SettingsMap&>(settings));
    for (const auto& entry : settings.entries) {
        text += "\n- " + text_of(entry);
    }
    return text;
}

}  // namespace hermes::test
