#include "config/host_config.hpp"

#include <algorithm>
#include <array>

#include "config/nearest_key.hpp"
#include "config/section.hpp"
#include "config/setting_value.hpp"
#include "config/variables.hpp"
#include "config/yaml_file.hpp"

namespace hermes::host {
namespace {

using enum SettingType;

constexpr std::array log_rows{
    optional_setting("level", string, "info", "debug, info, warning or error"),
    optional_setting("format", string, "text", "text or json"),
};

LogConfig read_log(const ConfigNode& section, Problems& problems) {
    const auto values = read_section("log", section, log_rows, problems);
    LogConfig log;
    log.level = word_at(values, "log", "level", log_levels, problems);
    log.format = word_at(values, "log", "format", log_formats, problems);
    return log;
}

PlatformConfig read_platform(const std::string& name, const ConfigNode& section,
                             Problems& problems) {
    PlatformConfig platform;
    platform.name = name;
    const auto path = "platforms." + name;
    if (section.kind != ConfigNode::Kind::map && section.kind != ConfigNode::Kind::null) {
        problems.errors.push_back(path + ": expected a map with enabled and extra, got " +
                                  describe(section, SettingSecrecy::secret));
        return platform;
    }
    for (const auto& [key, value] : section.entries) {
        if (key == "extra") {
            platform.extra = value;
        } else if (key == "enabled") {
            const auto enabled = to_value(boolean, value);
            if (!enabled) {
                problems.errors.push_back(path + ".enabled: expected true or false, got " +
                                          describe(value, SettingSecrecy::plain));
            }
            platform.enabled = enabled && std::get<bool>(*enabled);
        } else {
            problems.errors.push_back(
                unknown_key(path + ".", key, {"enabled", "extra"},
                            ", the platform's settings belong under " + path + ".extra"));
        }
    }
    return platform;
}

void read_platforms(const ConfigNode& section, HostConfig& config, Problems& problems) {
    if (section.kind != ConfigNode::Kind::map && section.kind != ConfigNode::Kind::null) {
        problems.errors.push_back("platforms: expected a map of platforms, got " +
                                  describe(section, SettingSecrecy::secret));
        return;
    }
    for (const auto& [name, value] : section.entries) {
        config.platforms.push_back(read_platform(name, value, problems));
    }
}

std::filesystem::path read_folder(const ConfigNode* node, std::string_view key,
                                  const std::filesystem::path& base, Problems& problems) {
    if (node == nullptr || node->kind == ConfigNode::Kind::null) {
        return base / key.substr(0, key.find('_'));  // plugins_dir: plugins
    }
    if (node->kind != ConfigNode::Kind::scalar || node->text.empty()) {
        problems.errors.push_back(std::string(key) + ": expected a folder, got " +
                                  describe(*node, SettingSecrecy::plain));
        return base;
    }
    refuse_unfilled(std::string(key), node->text, "write the value itself", problems);
    return (base / node->text).lexically_normal();
}

std::filesystem::path env_file_of(const ConfigSource& source, const std::filesystem::path& folder) {
    if (source.env_file) {
        return *source.env_file;
    }
    const auto beside = folder / ".env";
    return std::filesystem::exists(beside) ? beside : std::filesystem::path();
}

}  // namespace

HostConfig load_host_config(const ConfigSource& source, const Environment& process,
                            Problems& problems) {
    static const std::vector<std::string> known{"plugins_dir", "data_dir",  "log",  "agent",
                                                "agents",      "platforms", "watch"};
    HostConfig config;
    config.file = std::filesystem::absolute(source.file).lexically_normal();
    const auto folder = config.file.parent_path();
    const auto root = read_yaml_file(source.file);
    config.env_file = env_file_of(source, folder);
    config.environment = process;
    if (!config.env_file.empty()) {
        for (auto& [name, value] : read_env_file(config.env_file)) {
            if (auto& own = config.environment[name]; own.empty()) {  // as good as not set
                own = std::move(value);
            }
        }
    }
    if (root.kind != ConfigNode::Kind::map && root.kind != ConfigNode::Kind::null) {
        problems.errors.push_back(source.file.string() + ": expected keys such as platforms");
        return config;
    }
    for (const auto& [key, value] : root.entries) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            problems.errors.push_back(unknown_key("", key, known));
        }
    }
    const auto section = [&](std::string_view key) {
        const auto* node = root.find(key);
        return node != nullptr ? *node : ConfigNode{};
    };
    config.plugins_dir = read_folder(root.find("plugins_dir"), "plugins_dir", folder, problems);
    config.data_dir = source.data_dir
                          ? std::filesystem::absolute(*source.data_dir)
                          : read_folder(root.find("data_dir"), "data_dir", folder, problems);
    for (const auto* key : {"log", "agent", "agents", "watch"}) {
        config.sections.entries.push_back({key, section(key)});
    }
    config.log = read_log(section("log"), problems);
    if (source.agent) {
        const auto other = parse_yaml(*source.agent, "agent");
        const auto* node = other.find("agent");
        if (node == nullptr) {  // the default would be an echo
            problems.errors.push_back(
                "agent: there is no section `agent` in what was given instead: begin with "
                "`agent:`, and indent the rest below it");
        }
        config.agent = read_agent(node == nullptr ? ConfigNode{} : *node, folder,
                                  config.environment, problems);
    } else {
        config.agent = read_agent(section("agent"), folder, config.environment, problems);
        config.agents = read_agents(section("agents"), folder, config.environment, problems);
    }
    read_platforms(section("platforms"), config, problems);
    config.watch = read_watch(root.find("watch"), problems);
    return config;
}

}  // namespace hermes::host
