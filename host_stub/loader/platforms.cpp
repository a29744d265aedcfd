#include "loader/platforms.hpp"

#include <algorithm>
#include <span>

#include "config/nearest_key.hpp"
#include "config/secret_file.hpp"
#include "config/settings_merge.hpp"
#include "config/variables.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/file_settings.hpp"

namespace hermes::host {
namespace {

PlatformSchema schema_of(const Plugin& plugin) {
    const auto& descriptor = plugin.descriptor();
    return {plugin.name(),
            {descriptor.settings, descriptor.setting_count},
            descriptor.entry_list != nullptr ? descriptor.entry_list : ""};
}

std::vector<std::string> names_of(const PluginFolder& folder) {
    std::vector<std::string> names;
    for (const auto& plugin : folder.plugins) {
        names.push_back(plugin.name());
    }
    return names;
}

// Empty: the platform has no such key, or nobody has set it.
std::string name_in(const SettingsMap& settings) {
    const auto found = settings.values.find("name");
    const auto* name =
        found != settings.values.end() ? std::get_if<std::string>(&found->second) : nullptr;
    return name != nullptr ? *name : std::string();
}

std::vector<std::string> account_names(const Plugin& plugin, const PlatformSettings& settings) {
    std::vector<std::string> names;
    for (const auto& entry : settings.entries) {
        names.push_back(name_in(entry));
    }
    if (names.empty() && plugin.descriptor().entry_list != nullptr) {  // the short form of one
        names.push_back(name_in(settings));
    }
    for (std::size_t place = 0; place < names.size(); ++place) {
        if (names[place].empty()) {
            names[place] = names.size() == 1 ? "default" : "#" + std::to_string(place + 1);
        }
    }
    return names;
}

std::string no_plugin(const std::string& platform, const HostConfig& config,
                      const PluginFolder& folder) {
    const auto names = names_of(folder);
    std::string line =
        "platforms." + platform + ": no plugin of that name in " + config.plugins_dir.string();
    const auto suggestion = did_you_mean(platform, names);
    if (!suggestion.empty()) {
        return line + suggestion;
    }
    std::string found;
    for (const auto& name : names) {
        found += (found.empty() ? "" : ", ") + name;
    }
    return line + " (found: " + (found.empty() ? "none" : found) + ")";
}

// "port: ..." and "apps[1].port ..." continue the key path; other sentences stand beside it.
bool begins_with_a_key(const std::string& sentence, const PlatformSchema& schema) {
    const auto word =
        sentence.substr(0, sentence.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"));
    const auto is_it = [&](const Setting& row) { return word == row.key; };
    return std::any_of(schema.rows.begin(), schema.rows.end(), is_it) ||
           (!word.empty() && word == schema.entry_list);
}

// The plugin's own judgement is asked only about settings that fit its table.
void ask_plugin(const ConfiguredPlatform& platform, Problems& problems) {
    for (const auto& sentence : platform.plugin->descriptor().check(platform.settings)) {
        problems.errors.push_back(complaint_about(*platform.plugin, sentence));
    }
}

// `extra` as if the secrets stood where their files are named, at the top and in the entries.
ConfigNode with_secrets(ConfigNode extra, const PlatformSchema& schema, SecretFiles& files,
                        Problems& problems) {
    const auto path = "platforms." + schema.platform + ".extra";
    extra = files.in_place(std::move(extra), schema.rows, path, problems);
    for (auto& [key, list] : extra.entries) {
        if (key == schema.entry_list) {
            for (std::size_t i = 0; i < list.items.size(); ++i) {
                list.items[i] =
                    files.in_place(std::move(list.items[i]), schema.rows,
                                   path + '.' + key + '[' + std::to_string(i) + ']', problems);
            }
        }
    }
    return extra;
}

// Names of files as absolute ones.
void resolve_files(const Plugin& plugin, const std::filesystem::path& folder, SettingsMap& values) {
    const auto* files = extension_of<FileSettings>(plugin.descriptor());
    for (const auto* key :
         files == nullptr ? std::span<const char* const>() : std::span(files->keys, files->count)) {
        const auto value = values.values.find(key);
        auto* name =
            value == values.values.end() ? nullptr : std::get_if<std::string>(&value->second);
        if (name != nullptr && !name->empty()) {
            *name = (folder / *name).lexically_normal().string();
        }
    }
}

PlatformSettings settings_of(const Plugin& plugin, const ConfigNode& extra,
                             const Environment& environment, const std::filesystem::path& folder,
                             SecretFiles& files, Problems& problems) {
    const auto schema = schema_of(plugin);
    const auto variables = files.in_place(environment, schema.rows, schema.platform, problems);
    auto settings =
        merge_settings(schema, with_secrets(extra, schema, files, problems), variables, problems);
    resolve_files(plugin, folder, settings);
    for (auto& entry : settings.entries) {
        resolve_files(plugin, folder, entry);
    }
    return settings;
}

ConfiguredPlatform configure(const PlatformConfig& written, const Plugin& plugin,
                             const HostConfig& config, Problems& problems) {
    const auto errors_before = problems.errors.size();
    const auto folder = config.file.parent_path();
    SecretFiles files(folder, config.environment);
    ConfiguredPlatform platform{
        &plugin,
        settings_of(plugin, written.extra, config.environment, folder, files, problems),
        {},
        {}};
    platform.secret_files = files.files();
    if (problems.errors.size() == errors_before) {
        platform.accounts = account_names(plugin, platform.settings);
        ask_plugin(platform, problems);
    }
    return platform;
}

void check_variables(const HostConfig& config, const PluginFolder& folder, Problems& problems) {
    const auto names = names_of(folder);
    for (const auto& plugin : folder.plugins) {
        const auto is_it = [&](const PlatformConfig& p) { return p.name == plugin.name(); };
        const auto& written = config.platforms;
        if (std::any_of(written.begin(), written.end(), is_it)) {
            check_variable_names(schema_of(plugin), config.environment, names, problems);
            continue;
        }
        for (const auto& row : schema_of(plugin).rows) {
            const auto variable = variable_name(plugin.name(), row.key);
            if (config.environment.contains(variable)) {
                problems.warnings.push_back(variable + " is set, but config.yaml does not enable " +
                                            "platforms." + plugin.name());
                break;  // once is enough
            }
        }
    }
}

}  // namespace

std::string complaint_about(const Plugin& plugin, const std::string& sentence) {
    return "platforms." + plugin.name() + ".extra" +
           (begins_with_a_key(sentence, schema_of(plugin)) ? "." : ": ") + sentence;
}

std::vector<ConfiguredPlatform> resolve_platforms(const HostConfig& config,
                                                  const PluginFolder& folder, Problems& problems) {
    std::vector<ConfiguredPlatform> platforms;
    for (const auto& written : config.platforms) {
        if (!written.enabled) {
            continue;
        }
        if (const auto* plugin = folder.find(written.name)) {
            platforms.push_back(configure(written, *plugin, config, problems));
        } else {
            problems.errors.push_back(no_plugin(written.name, config, folder));
        }
    }
    check_variables(config, folder, problems);
    return platforms;
}

PlatformSettings settings_for(const HostConfig& config, const Plugin& plugin, Problems& problems) {
    const auto found =
        std::find_if(config.platforms.begin(), config.platforms.end(),
                     [&](const PlatformConfig& p) { return p.name == plugin.name(); });
    const auto extra = found == config.platforms.end() ? ConfigNode{} : found->extra;
    const auto folder = config.file.parent_path();
    SecretFiles files(folder, config.environment);
    return settings_of(plugin, extra, config.environment, folder, files, problems);
}

PlatformSettings settings_from(const ConfigNode& extra, const Plugin& plugin, Problems& problems) {
    const auto folder = std::filesystem::current_path();
    const Environment none;
    SecretFiles files(folder, none);
    return settings_of(plugin, extra, none, folder, files, problems);
}

}  // namespace hermes::host
