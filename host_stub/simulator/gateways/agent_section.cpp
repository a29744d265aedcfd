#include "simulator/gateways/agent_section.hpp"

#include <algorithm>

#include "config/yaml_quoted.hpp"

namespace hermes::host::simulator {

namespace {

std::string_view take_line(std::string_view& text) {
    const auto newline = text.find('\n');
    const auto length = newline == std::string_view::npos ? text.size() : newline + 1;
    const auto line = text.substr(0, length);
    text.remove_prefix(length);
    return line;
}

std::string list_of(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& word : words) {
        list += (list.empty() ? "" : ", ") + yaml_quoted(word);
    }
    return "[" + list + "]";
}

// Whether the line belongs to the top-level key above it.
bool is_inside(std::string_view line) {
    return line.starts_with(' ') || line.starts_with('\t') || line.starts_with('}') ||
           line.starts_with(']') || line.starts_with('-');
}

bool says_nothing(std::string_view line) {
    return line.starts_with('#') || line == "\n" || line == "\r\n";
}

// What follows the last line that belongs to the top-level key above. Comments at the margin and
// empty lines may stand between such lines; after the last of them they are somebody else's.
std::string_view after_section(std::string_view yaml) {
    auto rest = yaml;
    while (!yaml.empty()) {
        const auto line = take_line(yaml);
        if (is_inside(line)) {
            rest = yaml;
        } else if (!says_nothing(line)) {
            break;
        }
    }
    return rest;
}

}  // namespace

std::string format_agent_section(const AgentConfig& agent) {
    const AgentConfig defaults;
    auto text = "agent:\n  kind: " + std::string(word_of(agent_kinds, agent.kind)) + "\n";
    const auto add = [&](const char* key, const std::string& value) {
        text.append("  ").append(key).append(": ").append(value).append("\n");
    };
    if (agent.kind == AgentKind::command) {
        add("command", list_of(agent.command));
        if (agent.output != defaults.output) {
            add("output", std::string(word_of(agent_outputs, agent.output)));
        }
    }
    if (agent.kind == AgentKind::openai) {
        add("base_url", yaml_quoted(agent.base_url));
        add("model", yaml_quoted(agent.model));
        if (!agent.api_key_env.empty()) {
            add("api_key_env", yaml_quoted(agent.api_key_env));
        }
        if (!agent.api_key_file.empty()) {
            add("api_key_file", yaml_quoted(agent.api_key_file.string()));
        }
        if (agent.vision) {
            add("vision", "true");
        }
        if (!agent.system_prompt.empty()) {
            add("system_prompt", yaml_quoted(agent.system_prompt));
        }
    }
    if (!agent.files.empty()) {
        add("files", list_of({agent.files.begin(), agent.files.end()}));
    }
    if (agent.timeout != defaults.timeout) {
        add("timeout", std::to_string(agent.timeout.count()) + "s");
    }
    if (agent.notices.after != defaults.notices.after) {
        add("notice_after", std::to_string(agent.notices.after.count()) + "s");
    }
    if (agent.notices.every != defaults.notices.every) {
        add("notice_every", std::to_string(agent.notices.every.count()) + "s");
    }
    if (!agent.notices.chinese.empty()) {
        add("notice_zh", yaml_quoted(agent.notices.chinese));
    }
    if (!agent.notices.english.empty()) {
        add("notice_en", yaml_quoted(agent.notices.english));
    }
    if (agent.turns_max != defaults.turns_max) {
        add("turns_max", std::to_string(agent.turns_max));
    }
    return text;
}

std::string replace_agent_section(std::string_view yaml, std::string_view section) {
    std::string result;
    bool is_done = false;
    while (!yaml.empty()) {
        const auto line = take_line(yaml);
        if (is_done || !line.starts_with("agent:")) {
            result += line;
            continue;
        }
        result += section;
        is_done = true;
        yaml = after_section(yaml);
    }
    if (!is_done) {
        result += (result.empty() || result.ends_with('\n') ? "" : "\n");
        result += section;
    }
    return result;
}

}  // namespace hermes::host::simulator
