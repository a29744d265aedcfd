#include "commands/secret_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <span>

namespace hermes::host {
namespace {

bool holds(const ConfigNode& map, std::span<const Setting> rows) {
    return std::any_of(rows.begin(), rows.end(), [&](const Setting& row) {
        return row.secrecy == SettingSecrecy::secret && map.find(row.key) != nullptr;
    });
}

// At the top, or in an entry of the platform's list.
bool holds_secrets(const PlatformConfig& written, const PluginDescriptor& plugin) {
    const std::span<const Setting> rows(plugin.settings, plugin.setting_count);
    const auto* list =
        plugin.entry_list == nullptr ? nullptr : written.extra.find(plugin.entry_list);
    return holds(written.extra, rows) ||
           (list != nullptr && std::any_of(list->items.begin(), list->items.end(),
                                           [&](const auto& item) { return holds(item, rows); }));
}

bool holds_secrets(const Setup& setup) {
    const auto& written = setup.config.platforms;
    return std::any_of(written.begin(), written.end(), [&](const PlatformConfig& platform) {
        const auto* plugin = setup.folder.find(platform.name);
        return plugin != nullptr && holds_secrets(platform, plugin->descriptor());
    });
}

void check(const std::filesystem::path& file, std::vector<Finding>& findings) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        return;
    }
    if (const auto exposed = exposure(status.st_mode); !exposed.empty()) {
        findings.push_back({Finding::Verdict::warning, "secrets",
                            file.string() + ' ' + exposed +
                                " by every user of this machine, and holds secrets: chmod 600, or "
                                "640 with the gateway's group"});
    }
}

}  // namespace

std::string exposure(mode_t mode) {
    const bool readable = (mode & S_IROTH) != 0;
    const bool writable = (mode & S_IWOTH) != 0;
    return readable && writable ? "can be read and changed"
           : readable           ? "can be read"
           : writable           ? "can be changed"
                                : "";
}

std::vector<Finding> check_secret_files(const Setup& setup) {
    std::vector<Finding> findings;
    if (!setup.config.env_file.empty()) {
        check(setup.config.env_file, findings);
    }
    if (holds_secrets(setup)) {
        check(setup.config.file, findings);
    }
    for (const auto& platform : setup.platforms) {
        for (const auto& file : platform.secret_files) {
            check(file, findings);
        }
    }
    check(setup.config.agent.api_key_file, findings);
    for (const auto& agent : setup.config.agents) {
        check(agent.config.api_key_file, findings);
    }
    return findings;
}

}  // namespace hermes::host
