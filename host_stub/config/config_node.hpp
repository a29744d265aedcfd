// A value as somebody wrote it in config.yaml: text, lists and maps, before any type is known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hermes::host {

struct ConfigEntry;

struct ConfigNode {
    enum class Kind { null, scalar, list, map };

    Kind kind = Kind::null;
    std::string text{};                // of a scalar, as written, without quotes
    std::vector<ConfigNode> items{};   // of a list
    std::vector<ConfigEntry> entries;  // of a map, in the order of the file; keys are unique

    // Null if this is no map, or has no such key.
    const ConfigNode* find(std::string_view key) const noexcept;
};

struct ConfigEntry {
    std::string key;
    ConfigNode value;
};

inline const ConfigNode* ConfigNode::find(std::string_view key) const noexcept {
    for (const auto& entry : entries) {
        if (entry.key == key) {
            return &entry.value;
        }
    }
    return nullptr;
}

}  // namespace hermes::host
