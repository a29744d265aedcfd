#include <iostream>
#include <string_view>

#include "commands/commands.hpp"
#include "commands/say.hpp"
#include "config/setting_limits.hpp"
#include "config/setting_value.hpp"
#include "config/variables.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

std::string_view scope_note(SettingScope scope, std::string_view entry_list) {
    if (entry_list.empty()) {
        return "";
    }
    switch (scope) {
        case SettingScope::platform:
            return "";
        case SettingScope::entry:
            return "in an entry";
        case SettingScope::both:
            return "at the top or in an entry";
    }
    return "";
}

void print_setting(const Setting& setting, const std::string& platform, std::string_view entry_list,
                   const Translator& words) {
    std::cout << "    " << setting.key << ": " << words(name_of(setting.type));
    if (const auto limits = limits_text(setting); !limits.empty()) {
        std::cout << ", " << words(limits);
    }
    if (setting.need == SettingNeed::required) {
        std::cout << ", " << words("required");
    }
    if (setting.secrecy == SettingSecrecy::secret) {
        std::cout << ", " << words("secret");
    }
    if (setting.default_value != nullptr) {
        std::cout << ", " << words("default") << ' ' << setting.default_value;
    }
    if (const auto note = scope_note(setting.scope, entry_list); !note.empty()) {
        std::cout << ", " << words(note);
    }
    std::cout << "\n        " << words(setting.help) << "\n        "
              << variable_name(platform, setting.key) << '\n';
}

void print_settings(const PluginDescriptor& plugin, const Translator& words) {
    const std::string_view entry_list = plugin.entry_list != nullptr ? plugin.entry_list : "";
    std::cout << "  platforms." << plugin.name << ".extra";
    if (!entry_list.empty()) {
        std::cout << ", " << words("entries in") << ' ' << entry_list << "[]";
    }
    std::cout << ":\n";
    for (std::size_t i = 0; i < plugin.setting_count; ++i) {
        print_setting(plugin.settings[i], plugin.name, entry_list, words);
    }
}

}  // namespace

int plugins_list(const PluginsListOptions& options) {
    const auto setup = load_setup(options.source);
    for (const auto& plugin : setup.folder.plugins) {
        const auto& descriptor = plugin.descriptor();
        std::cout << descriptor.name << ' ' << descriptor.version << "  "
                  << setup.words(descriptor.summary) << "  (" << plugin.file().filename().string()
                  << ")\n";
        if (options.with_settings) {
            print_settings(descriptor, setup.words);
        }
    }
    for (const auto& problem : setup.folder.problems) {
        std::cerr << error_mark << setup.words(problem) << '\n';
    }
    if (setup.folder.plugins.empty()) {
        say_aside(setup.words, "no plugin in " + setup.config.plugins_dir.string());
    }
    return setup.folder.problems.empty() ? exit_ok : exit_failure;
}

}  // namespace hermes::host
