#include <iostream>
#include <string_view>

#include "commands/commands.hpp"
#include "commands/setup.hpp"
#include "config/setting_limits.hpp"
#include "config/variables.hpp"
#include "exit_code.hpp"

namespace hermes::host {
namespace {

std::string_view type_name(SettingType type) {
    switch (type) {
        case SettingType::string:
            return "string";
        case SettingType::integer:
            return "integer";
        case SettingType::boolean:
            return "true or false";
        case SettingType::duration:
            return "duration";
        case SettingType::string_list:
            return "list of strings";
    }
    return "";
}

std::string_view scope_note(SettingScope scope, std::string_view entry_list) {
    if (entry_list.empty()) {
        return "";
    }
    switch (scope) {
        case SettingScope::platform:
            return "";
        case SettingScope::entry:
            return ", in an entry";
        case SettingScope::both:
            return ", at the top or in an entry";
    }
    return "";
}

void print_setting(const Setting& setting, const std::string& platform,
                   std::string_view entry_list) {
    std::cout << "    " << setting.key << ": " << type_name(setting.type);
    if (const auto limits = limits_text(setting); !limits.empty()) {
        std::cout << ", " << limits;
    }
    if (setting.need == SettingNeed::required) {
        std::cout << ", required";
    }
    if (setting.secrecy == SettingSecrecy::secret) {
        std::cout << ", secret";
    }
    if (setting.default_value != nullptr) {
        std::cout << ", default " << setting.default_value;
    }
    std::cout << scope_note(setting.scope, entry_list) << "\n        " << setting.help
              << "\n        " << variable_name(platform, setting.key) << '\n';
}

void print_settings(const PluginDescriptor& plugin) {
    const std::string_view entry_list = plugin.entry_list != nullptr ? plugin.entry_list : "";
    std::cout << "  platforms." << plugin.name << ".extra";
    if (!entry_list.empty()) {
        std::cout << ", entries in " << entry_list << "[]";
    }
    std::cout << ":\n";
    for (std::size_t i = 0; i < plugin.setting_count; ++i) {
        print_setting(plugin.settings[i], plugin.name, entry_list);
    }
}

}  // namespace

int plugins_list(const PluginsListOptions& options) {
    const auto setup = load_setup(options.source);
    for (const auto& plugin : setup.folder.plugins) {
        const auto& descriptor = plugin.descriptor();
        std::cout << descriptor.name << ' ' << descriptor.version << "  " << descriptor.summary
                  << "  (" << plugin.file().filename().string() << ")\n";
        if (options.with_settings) {
            print_settings(descriptor);
        }
    }
    for (const auto& problem : setup.folder.problems) {
        std::cerr << error_mark << problem << '\n';
    }
    if (setup.folder.plugins.empty()) {
        std::cerr << "no plugin in " << setup.config.plugins_dir.string() << '\n';
    }
    return setup.folder.problems.empty() ? exit_ok : exit_failure;
}

}  // namespace hermes::host
