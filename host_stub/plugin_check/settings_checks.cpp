#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <set>
#include <stdexcept>

#include "config/setting_limits.hpp"
#include "config/setting_value.hpp"
#include "plugin_check/checks.hpp"
#include "plugin_check/exported_symbols.hpp"

namespace hermes::host::checks {
namespace {

// Settings that no host should give, and what is odd about them.
struct Odd {
    std::string what;
    PlatformSettings settings;
};

// A value for every row, all at the top.
PlatformSettings filled(const PluginDescriptor& plugin, SettingValue (*value_of)(const Setting&)) {
    PlatformSettings settings;
    for (std::size_t i = 0; i < plugin.setting_count; ++i) {
        settings.values.insert_or_assign(plugin.settings[i].key, value_of(plugin.settings[i]));
    }
    return settings;
}

PlatformSettings with_entries(PlatformSettings settings) {
    const SettingsMap entry{settings.values};
    settings.entries = {entry, entry};
    return settings;
}

std::vector<Odd> of_wrong_types(const PluginDescriptor& plugin) {
    const auto texts = filled(plugin, [](const Setting& row) -> SettingValue {
        return row.type == SettingType::string ? SettingValue(true) : SettingValue("text");
    });
    const auto numbers = filled(plugin, [](const Setting& row) -> SettingValue {
        return row.type == SettingType::integer ? SettingValue(std::vector<std::string>{"1"})
                                                : SettingValue(std::int64_t{-1});
    });
    std::vector<Odd> odd{{"texts of a wrong type", texts}, {"numbers of a wrong type", numbers}};
    if (plugin.entry_list != nullptr) {
        odd.push_back({"entries with texts of a wrong type", with_entries(texts)});
        odd.push_back({"entries with numbers of a wrong type", with_entries(numbers)});
    }
    return odd;
}

SettingValue lowest(const Setting& row) {
    switch (row.type) {
        case SettingType::string:
            break;
        case SettingType::integer:
            return std::numeric_limits<std::int64_t>::min();
        case SettingType::boolean:
            return false;
        case SettingType::duration:
            return std::chrono::seconds::min();
        case SettingType::string_list:
            return std::vector<std::string>{};
    }
    return "";
}

SettingValue highest(const Setting& row) {
    switch (row.type) {
        case SettingType::string:
            break;
        case SettingType::integer:
            return std::numeric_limits<std::int64_t>::max();
        case SettingType::boolean:
            return true;
        case SettingType::duration:
            return std::chrono::seconds::max();
        case SettingType::string_list:
            return std::vector<std::string>{"", "\xff\xfe", std::string(100'000, ',')};
    }
    return std::string("\xff\0[", 3) + std::string(100'000, '[');
}

// Of the right types: what a plugin makes of them is its own business, as long as it survives.
std::vector<Odd> of_odd_values(const PluginDescriptor& plugin) {
    PlatformSettings unknown;
    unknown.values.emplace("no_such_key", "1");
    auto many = filled(plugin, highest);
    many.entries.resize(1'000);
    return {{"no settings at all", {}},
            {"an unknown key", unknown},
            {"the lowest values", filled(plugin, lowest)},
            {"the highest values", filled(plugin, highest)},
            {"entries with the highest values", with_entries(filled(plugin, highest))},
            {"1000 empty entries", many}};
}

bool is_key(const char* key) {
    return key != nullptr && *key != '\0' && std::all_of(key, key + std::strlen(key), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

void require_sound_limits(const Setting& row, const Verdict& verdict) {
    const std::string key = row.key;
    verdict.require(
        !has_bounds(row) || row.type == SettingType::integer || row.type == SettingType::duration,
        key + " has bounds, but is neither integer nor duration");
    verdict.require(row.limits.low <= row.limits.high,
                    key + " allows no value: its low is above its high");
    if (row.limits.choices == nullptr) {
        return;
    }
    verdict.require(row.type == SettingType::string || row.type == SettingType::string_list,
                    key + " has choices, but is neither string nor string_list");
    const auto choices = choices_of(row);
    verdict.require(!choices.empty(), key + " has choices, but none to choose");
    verdict.require(std::set(choices.begin(), choices.end()).size() == choices.size(),
                    key + " has the same choice twice");
}

void require_sound_default(const Setting& row, const Verdict& verdict) {
    if (row.default_value == nullptr) {
        return;
    }
    const std::string key = row.key;
    const auto value = to_value(row.type, node_of_text(row.type, row.default_value));
    verdict.require(value.has_value(), key + " has a default that is not of its type");
    verdict.require(is_within_limits(row, *value),
                    key + " has a default that it does not allow: expected " + limits_text(row));
}

}  // namespace

void loads(const CheckBench& bench, const Verdict& verdict) {
    try {
        load_for_good(bench);
    } catch (const std::runtime_error& problem) {
        verdict.failed(problem.what());
    }
}

void exports_one_symbol(const CheckBench& bench, const Verdict& verdict) {
    const auto symbols = exported_symbols(bench.plugin);
    verdict.require(!symbols.empty(), "it exports nothing");
    std::string others;
    constexpr int shown_max = 3;
    int shown = 0;
    for (const auto& symbol : symbols) {
        if (symbol != plugin_symbol && ++shown <= shown_max) {
            others += (others.empty() ? "" : ", ") + symbol;
        }
    }
    verdict.require(others.empty(), "it exports " + std::to_string(symbols.size()) +
                                        " symbols, among them " + others +
                                        ": link it with a version script");
}

void describes_its_settings(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    std::set<std::string> keys;
    for (std::size_t i = 0; i < plugin.setting_count; ++i) {
        const auto& row = plugin.settings[i];
        verdict.require(is_key(row.key),
                        "row " + std::to_string(i) + " has a key that is not a-z, 0-9 and _");
        const std::string key = row.key;
        verdict.require(keys.insert(key).second, "the key " + key + " is there twice");
        verdict.require(row.help != nullptr && *row.help != '\0', key + " has no help");
        require_sound_limits(row, verdict);
        require_sound_default(row, verdict);
        verdict.require(row.default_value == nullptr || row.need == SettingNeed::optional,
                        key + " is required although it has a default");
        verdict.require(plugin.entry_list != nullptr || row.scope == SettingScope::platform,
                        key + " belongs to entries, but there is no entry list");
    }
    verdict.require(plugin.entry_list == nullptr ||
                        (is_key(plugin.entry_list) && !keys.contains(plugin.entry_list)),
                    "the entry list is named like a key, or not a-z, 0-9 and _");
}

void answers_garbage_with_sentences(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    const auto require_lines = [&](const Odd& odd, const std::vector<std::string>& sentences) {
        for (const auto& sentence : sentences) {
            verdict.require(!sentence.empty() && sentence.find('\n') == std::string::npos,
                            "check answers " + odd.what + " with something that is no line");
        }
    };
    for (const auto& odd : of_wrong_types(plugin)) {
        const auto sentences = plugin.check(odd.settings);
        verdict.require(plugin.setting_count == 0 || !sentences.empty(),
                        "check finds nothing wrong with " + odd.what);
        require_lines(odd, sentences);
    }
    for (const auto& odd : of_odd_values(plugin)) {
        require_lines(odd, plugin.check(odd.settings));
    }
}

void refuses_garbage_with_runtime_error(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    CountingHost host(bench.folder);
    auto all = of_wrong_types(plugin);
    for (auto& odd : of_odd_values(plugin)) {
        all.push_back(std::move(odd));
    }
    for (const auto& odd : all) {
        if (plugin.check(odd.settings).empty()) {
            continue;
        }
        const AdapterContext context{host, odd.settings, AdapterMode::gateway};
        const auto sentence =
            sentence_thrown_by(verdict, "create", [&] { plugin.create(context); });
        verdict.require(!sentence.empty(), "create accepts " + odd.what);
    }
}

}  // namespace hermes::host::checks
