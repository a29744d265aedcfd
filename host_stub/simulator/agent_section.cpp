#include "simulator/agent_section.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace hermes::host::simulator {

namespace {

// YAML's double-quoted form takes all that JSON's strings can be.
std::string in_quotes(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

std::string_view take_line(std::string_view& text) {
    const auto newline = text.find('\n');
    const auto length = newline == std::string_view::npos ? text.size() : newline + 1;
    const auto line = text.substr(0, length);
    text.remove_prefix(length);
    return line;
}

// Whether the line belongs to the top-level key above it.
bool is_inside(std::string_view line) {
    return line.starts_with(' ') || line.starts_with('\t') || line.starts_with('}') ||
           line.starts_with(']') || line.starts_with('-') || line == "\n" || line == "\r\n";
}

}  // namespace

std::string_view to_string(AgentKind kind) noexcept {
    const auto* const found = std::find_if(agent_kinds.begin(), agent_kinds.end(),
                                           [&](const auto& word) { return word.second == kind; });
    return found == agent_kinds.end() ? std::string_view() : found->first;
}

std::string format_agent_section(const AgentConfig& agent) {
    const AgentConfig defaults;
    auto text = "agent:\n  kind: " + std::string(to_string(agent.kind)) + "\n";
    const auto add = [&](const char* key, const std::string& value) {
        text.append("  ").append(key).append(": ").append(value).append("\n");
    };
    if (agent.kind == AgentKind::command) {
        std::string words;
        for (const auto& word : agent.command) {
            words += (words.empty() ? "" : ", ") + in_quotes(word);
        }
        add("command", "[" + words + "]");
    }
    if (agent.kind == AgentKind::openai) {
        add("base_url", in_quotes(agent.base_url));
        add("model", in_quotes(agent.model));
        if (!agent.api_key_env.empty()) {
            add("api_key_env", in_quotes(agent.api_key_env));
        }
        if (agent.vision) {
            add("vision", "true");
        }
        if (!agent.system_prompt.empty()) {
            add("system_prompt", in_quotes(agent.system_prompt));
        }
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
        add("notice_zh", in_quotes(agent.notices.chinese));
    }
    if (!agent.notices.english.empty()) {
        add("notice_en", in_quotes(agent.notices.english));
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
        while (!yaml.empty()) {
            auto rest = yaml;
            const auto next = take_line(rest);
            if (!is_inside(next)) {
                break;
            }
            yaml = rest;
        }
    }
    if (!is_done) {
        result += (result.empty() || result.ends_with('\n') ? "" : "\n");
        result += section;
    }
    return result;
}

}  // namespace hermes::host::simulator
