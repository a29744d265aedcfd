#include "config/host_config.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/nearest_key.hpp"
#include "config/section.hpp"
#include "config/setting_value.hpp"
#include "config/yaml_file.hpp"
#include "http/http_url.hpp"

namespace hermes::host {
namespace {

using enum SettingType;

constexpr Setting row(const char* key, SettingType type, const char* default_value,
                      const char* help, SettingLimits limits = {}) {
    return {key,
            type,
            SettingScope::platform,
            SettingNeed::optional,
            SettingSecrecy::plain,
            default_value,
            help,
            limits};
}

constexpr std::array log_rows{
    row("level", string, "info", "debug, info, warning or error"),
    row("format", string, "text", "text or json"),
};

constexpr std::array agent_rows{
    row("kind", string, "echo", "echo, command or openai"),
    row("command", string_list, nullptr,
        "program and arguments of kind command, relative to this file"),
    row("timeout", duration, "45m", "longest time for one answer"),
    row("notice_after", duration, "0",
        "tell the member after this time that work goes on; 0: never"),
    row("turns_max", integer, "32", "answers that are worked on side by side",
        {.low = 1, .high = 1'000}),
    row("base_url", string, nullptr, "of kind openai, up to /v1"),
    row("model", string, nullptr, "of kind openai"),
    row("api_key_env", string, nullptr, "name of the variable that holds the key, of kind openai"),
    row("system_prompt", string, nullptr, "first message of every chat, of kind openai"),
};

template <typename Enum, std::size_t count>
Enum word_at(const SettingsMap& section, const std::string& path, std::string_view key,
             const Words<Enum, count>& words, Problems& problems) {
    const auto word = section.text(key);
    std::string choices;
    std::vector<std::string> known;
    for (const auto& [name, value] : words) {
        if (word == name) {
            return value;
        }
        choices += (known.empty() ? "" : known.size() + 1 == count ? " or " : ", ");
        choices += name;
        known.emplace_back(name);
    }
    if (section.has(key)) {
        problems.errors.push_back(path + "." + std::string(key) + ": expected " + choices +
                                  ", got \"" + word + "\"" + did_you_mean(word, known));
    }
    return words.front().second;
}

LogConfig read_log(const ConfigNode& section, Problems& problems) {
    const auto values = read_section("log", section, log_rows, problems);
    LogConfig log;
    log.level = word_at(values, "log", "level", log_levels, problems);
    log.format = word_at(values, "log", "format", log_formats, problems);
    return log;
}

// Shows nothing that might be a password.
void check_base_url(const std::string& url, Problems& problems) {
    if (url.find('@') != std::string::npos) {
        problems.errors.emplace_back(
            "agent.base_url: holds a user or a password: give the key through agent.api_key_env");
    } else if (url.find_first_of("?#") != std::string::npos) {
        problems.errors.emplace_back(
            "agent.base_url: must end with its path, without ? or # and what follows them");
    } else if (!http::parse_http_url(url)) {
        problems.errors.push_back(
            "agent.base_url: expected an address such as http://127.0.0.1:8642/v1, got \"" + url +
            "\"");
    } else if (url.ends_with("/chat/completions")) {
        problems.errors.emplace_back(
            "agent.base_url: leave out /chat/completions, which is added to it");
    }
}

// What is no variable may be the key itself, by mistake, and is not shown.
bool looks_like_a_variable(const std::string& name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

void read_api_key(AgentConfig& agent, const Environment& variables, Problems& problems) {
    const auto& name = agent.api_key_env;
    const auto found = variables.find(name);
    if (found == variables.end() && !looks_like_a_variable(name)) {
        problems.errors.emplace_back(
            "agent.api_key_env: expected the name of a variable that is set, such as "
            "OPENAI_API_KEY, and not the key itself");
    } else if (found == variables.end() || found->second.empty()) {
        problems.errors.push_back("agent.api_key_env: the variable " + name +
                                  (found == variables.end() ? " is not set" : " is empty") +
                                  ": set it in .env or in the environment");
    } else if (std::any_of(found->second.begin(), found->second.end(),
                           [](char c) { return c <= ' ' || c > '~'; })) {
        problems.errors.push_back("agent.api_key_env: the value of " + name +
                                  " holds a blank, a line break or another character that no key "
                                  "has");
    } else {
        agent.api_key = base::Secret(found->second);
    }
}

void check_agent(const AgentConfig& agent, Problems& problems) {
    const auto need = [&](bool given, const char* key, const char* kind) {
        if (!given) {
            problems.errors.push_back(std::string("agent.") + key + " is missing: agent.kind " +
                                      kind + " needs it");
        }
    };
    if (agent.kind == AgentKind::command) {
        need(!agent.command.empty() && !agent.command.front().empty(), "command", "command");
    }
    if (agent.kind == AgentKind::openai) {
        need(!agent.base_url.empty(), "base_url", "openai");
        need(!agent.model.empty(), "model", "openai");
        if (!agent.base_url.empty()) {
            check_base_url(agent.base_url, problems);
        }
    }
    if (agent.timeout.count() == 0) {
        problems.errors.push_back("agent.timeout: must be longer than 0");
    }
}

AgentConfig read_agent(const ConfigNode& section, const Environment& variables,
                       Problems& problems) {
    const auto errors_before = problems.errors.size();
    const auto values = read_section("agent", section, agent_rows, problems);
    AgentConfig agent;
    agent.kind = word_at(values, "agent", "kind", agent_kinds, problems);
    agent.command = values.list("command");
    agent.timeout = values.duration("timeout");
    agent.notice_after = values.duration("notice_after");
    agent.base_url = values.text("base_url");
    agent.base_url.erase(agent.base_url.find_last_not_of('/') + 1);
    agent.model = values.text("model");
    agent.api_key_env = values.text("api_key_env");
    agent.system_prompt = values.text("system_prompt");
    agent.turns_max = static_cast<std::size_t>(values.integer("turns_max"));
    if (problems.errors.size() == errors_before) {  // else it would complain twice
        check_agent(agent, problems);
        if (agent.kind == AgentKind::openai && !agent.api_key_env.empty()) {
            read_api_key(agent, variables, problems);
        }
    }
    return agent;
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
            auto suggestion = did_you_mean(key, {"enabled", "extra"});
            problems.errors.push_back(
                path + "." + key + ": unknown key" +
                (suggestion.empty() ? ", the platform's settings belong under " + path + ".extra"
                                    : suggestion));
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
    return (base / node->text).lexically_normal();
}

Environment load_environment(const ConfigSource& source, const std::filesystem::path& folder,
                             const Environment& process) {
    auto variables = process;
    const auto beside = folder / ".env";
    if (source.env_file) {
        variables.merge(read_env_file(*source.env_file));
    } else if (std::filesystem::exists(beside)) {
        variables.merge(read_env_file(beside));
    }
    return variables;
}

}  // namespace

HostConfig load_host_config(const ConfigSource& source, const Environment& process,
                            Problems& problems) {
    static const std::vector<std::string> known{"plugins_dir", "data_dir", "log", "agent",
                                                "platforms"};
    HostConfig config;
    config.file = std::filesystem::absolute(source.file).lexically_normal();
    const auto folder = config.file.parent_path();
    const auto root = read_yaml_file(source.file);
    config.environment = load_environment(source, folder, process);
    if (root.kind != ConfigNode::Kind::map && root.kind != ConfigNode::Kind::null) {
        problems.errors.push_back(source.file.string() + ": expected keys such as platforms");
        return config;
    }
    for (const auto& [key, value] : root.entries) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            problems.errors.push_back(key + ": unknown key" + did_you_mean(key, known));
        }
    }
    const auto section = [&](std::string_view key) {
        const auto* node = root.find(key);
        return node != nullptr ? *node : ConfigNode{};
    };
    config.plugins_dir = read_folder(root.find("plugins_dir"), "plugins_dir", folder, problems);
    config.data_dir = read_folder(root.find("data_dir"), "data_dir", folder, problems);
    config.log = read_log(section("log"), problems);
    config.agent = read_agent(section("agent"), config.environment, problems);
    config.agent.folder = folder;
    read_platforms(section("platforms"), config, problems);
    return config;
}

}  // namespace hermes::host
