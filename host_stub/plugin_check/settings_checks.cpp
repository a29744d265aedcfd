#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <stdexcept>

#include "config/setting_value.hpp"
#include "plugin_check/checks.hpp"
#include "plugin_check/exported_symbols.hpp"

namespace hermes::host::checks {
namespace {

// No plugin can do anything with these; each has broken some parser.
const std::vector<std::string>& garbage() {
    static const std::vector<std::string> texts{
        "",
        " ",
        "{",
        "null",
        "[]",
        "42",
        "\"text\"",
        "not JSON at all",
        std::string(100'000, '['),
        std::string("{\"a\": \0}", 8),
        "{\"\xff\xfe\": 1}",
    };
    return texts;
}

// Complete, but with nothing that the plugin knows, or with everything of a wrong type.
std::vector<std::string> odd_settings(const PluginDescriptor& plugin) {
    std::vector<std::string> texts{"{}", R"({"no_such_key": 1})"};
    for (const auto* value : {"null", "-1", "1e300", "\"\"", "[[]]", "{\"a\": {}}"}) {
        std::string text;
        for (std::size_t i = 0; i < plugin.setting_count; ++i) {
            text += (text.empty() ? "{\"" : ", \"") + std::string(plugin.settings[i].key) +
                    "\": " + value;
        }
        if (plugin.entry_list != nullptr) {
            text +=
                (text.empty() ? "{\"" : ", \"") + std::string(plugin.entry_list) + "\": " + value;
        }
        texts.push_back(text + (text.empty() ? "{}" : "}"));
    }
    return texts;
}

std::string quoted(const std::string& text) {
    return "`" + text.substr(0, 20) + "`";
}

bool is_key(const char* key) {
    return key != nullptr && *key != '\0' && std::all_of(key, key + std::strlen(key), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
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
        verdict.require(
            row.default_value == nullptr ||
                to_json(row.type, node_of_text(row.type, row.default_value)).has_value(),
            key + " has a default that is not of its type");
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
    for (const auto& text : garbage()) {
        const auto sentences = plugin.check(text);
        verdict.require(!sentences.empty(), "check finds nothing wrong with " + quoted(text));
        for (const auto& sentence : sentences) {
            verdict.require(!sentence.empty() && sentence.find('\n') == std::string::npos,
                            "check answers " + quoted(text) + " with something that is no line");
        }
    }
    for (const auto& text : odd_settings(plugin)) {
        plugin.check(text);
    }
}

void refuses_garbage_with_runtime_error(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    CountingHost host(bench.folder);
    auto texts = garbage();
    for (auto& text : odd_settings(plugin)) {
        if (!plugin.check(text).empty()) {
            texts.push_back(std::move(text));
        }
    }
    for (const auto& text : texts) {
        const AdapterContext context{host, text, AdapterMode::gateway};
        const auto sentence =
            sentence_thrown_by(verdict, "create", [&] { plugin.create(context); });
        verdict.require(!sentence.empty(), "create accepts " + quoted(text));
    }
}

}  // namespace hermes::host::checks
