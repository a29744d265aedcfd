// The settings of a platform, as data: a table of rows that the plugin publishes, and the values
// that it is given.
//
// From the table the host merges `config.yaml`, `.env` and the environment, checks names, types and
// limits, fills in defaults, masks secrets, and prints help. What only the platform can judge (is
// this key well-formed?) it checks itself, see PluginDescriptor::check.
//
// Shape: a flat map, plus at most one list of maps (PluginDescriptor::entry_list), for platforms
// that serve several accounts:
//
//     extra:
//       port: 8645                 # scope platform
//       allowed_users: [lisi]      # scope both
//       apps:                      # the entry list
//         - agent_id: 1000002      # scope entry or both
//
// Rows of scope `entry` may also stand at the top as long as the list is absent: that is the
// short form for a single account.
//
// Every row that may stand at the top has an environment variable, PLATFORM_KEY in capitals
// (`WECOM_CALLBACK_PORT`). It overrides its own key and nothing else. A variable for a row of scope
// `entry` beside an entry list is an error, since nobody can say which entry it means.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hermes {

enum class SettingType {
    string,
    integer,
    boolean,      // YAML true/false; in the environment also 1/0, yes/no, on/off
    duration,     // an integer of seconds, or 30s, 45m, 24h, 7d
    string_list,  // a YAML list, or a map for a list of `key=value`; in the environment
                  // comma-separated
};

enum class SettingScope {
    platform,  // once per platform
    entry,     // once per entry of the list (or at the top, in the short form)
    both,      // at the top as the default for all entries, or in an entry for that one
};

enum class SettingNeed { optional, required };

enum class SettingSecrecy {
    plain,
    secret,  // shown as ****, wherever it is shown
};

// What a value must be beyond its type. Where there are limits the host says them in help and in
// complaints, so no other text has to.
struct SettingLimits {
    // Of an integer, or of a duration in seconds; both are allowed themselves.
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    // Of a string, and of each item of a string list: "text, markdown" allows these two. nullptr:
    // any.
    const char* choices = nullptr;
};

// One row. All strings have static storage.
struct Setting {
    const char* key;
    SettingType type;
    SettingScope scope;
    SettingNeed need;
    SettingSecrecy secrecy;
    const char* default_value;  // as it would be written in YAML; nullptr if there is none
    const char* help;           // one line
    SettingLimits limits{};
};

// In the order of SettingType.
using SettingValue =
    std::variant<std::string, std::int64_t, bool, std::chrono::seconds, std::vector<std::string>>;

// Values by their keys. A host puts in what was written, and the default of a row that has one: a
// plugin needs none of its own. What is here is of its row's type and within its limits, and a
// required row is here and not empty. The readers give "", 0, false or an empty list for a key that
// is absent; they throw std::runtime_error for one that is of another type, which is a mistake in
// the plugin.
struct SettingsMap {
    std::map<std::string, SettingValue, std::less<>> values{};

    bool has(std::string_view key) const { return values.contains(key); }
    std::string text(std::string_view key) const { return read<std::string>(key); }
    std::int64_t integer(std::string_view key) const { return read<std::int64_t>(key); }
    bool flag(std::string_view key) const { return read<bool>(key); }
    std::chrono::seconds duration(std::string_view key) const {
        return read<std::chrono::seconds>(key);
    }
    std::vector<std::string> list(std::string_view key) const {
        return read<std::vector<std::string>>(key);
    }

    friend bool operator==(const SettingsMap&, const SettingsMap&) = default;

private:
    template <typename Value>
    Value read(std::string_view key) const {
        const auto found = values.find(key);
        if (found == values.end()) {
            return Value{};
        }
        const auto* value = std::get_if<Value>(&found->second);
        if (value == nullptr) {
            throw std::runtime_error(std::string(key) + " is of another type than it is read as");
        }
        return *value;
    }
};

// What a plugin is given: the values at the top, and those of each entry.
//
// Every value is where it was written: a row of scope `both` in an entry if it stands there, else
// at the top, as its default is. In the short form `entries` is empty and all is at the top.
struct PlatformSettings : SettingsMap {
    std::vector<SettingsMap> entries{};

    friend bool operator==(const PlatformSettings&, const PlatformSettings&) = default;
};

}  // namespace hermes
