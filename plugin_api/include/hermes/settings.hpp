// The settings of a platform, as data.
//
// A plugin publishes one table of rows. From it the host merges `config.yaml`, `.env` and the
// environment, checks types and names, masks secrets, and prints help. What only the platform can
// judge (is this key well-formed?) it checks itself, see PluginDescriptor::check.
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

namespace hermes {

enum class SettingType {
    string,
    integer,
    boolean,      // YAML true/false; in the environment also 1/0, yes/no, on/off
    duration,     // an integer of seconds, or 30s, 45m, 24h, 7d; given to the plugin in seconds
    string_list,  // a YAML list; in the environment comma-separated
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

// One row. All strings have static storage.
struct Setting {
    const char* key;
    SettingType type;
    SettingScope scope;
    SettingNeed need;
    SettingSecrecy secrecy;
    const char* default_value;  // as it would be written in YAML; nullptr if there is none
    const char* help;           // one line
};

}  // namespace hermes
