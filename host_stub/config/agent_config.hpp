// What config.yaml says about who answers: `agent`, and `agents` for single accounts.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "config/config_node.hpp"
#include "config/environment.hpp"
#include "config/problems.hpp"
#include "config/words.hpp"

namespace hermes::host {

enum class AgentKind { echo, command, openai };

inline constexpr Words<AgentKind, 3> agent_kinds{
    {{"echo", AgentKind::echo}, {"command", AgentKind::command}, {"openai", AgentKind::openai}}};

// How a command's stdout is read.
enum class AgentOutput { text, json };

inline constexpr Words<AgentOutput, 2> agent_outputs{
    {{"text", AgentOutput::text}, {"json", AgentOutput::json}}};

// How a member who waits is told that work goes on.
struct Notices {
    std::chrono::seconds after{20};   // 0: never
    std::chrono::seconds every{300};  // 0: only once
    std::string chinese{};            // empty: the host's own words
    std::string english{};
};

struct AgentConfig {
    std::string section = "agent";  // what its settings are named with: "agents[0]"
    AgentKind kind = AgentKind::echo;
    std::filesystem::path folder{};          // of config.yaml: where a command runs
    std::vector<std::string> command{};      // of kind command
    AgentOutput output = AgentOutput::text;  // likewise
    // Absolute: folders from which it may send files, beside the one that each turn has.
    std::vector<std::filesystem::path> files{};
    std::chrono::seconds timeout{45 * 60};  // for one turn
    Notices notices{};                      // of `agent` alone, as is the next
    std::size_t turns_max = 32;             // that run side by side
    std::string base_url{};                 // of kind openai, as are the following; no / at its end
    std::string model{};
    std::string api_key_env{};
    std::filesystem::path api_key_file{};  // instead of the variable; empty: none
    base::Secret api_key{};                // what one of them holds; empty: there is none
    std::string system_prompt{};
    bool vision = false;  // the model is shown pictures
    // Not of config.yaml: what a gateway adds (base/child_process.hpp).
    std::optional<rlimit> child_descriptors{};

    // Where a person finds the key: "the variable LLM_KEY", or a file; empty: there is none.
    std::string place_of_key() const {
        return api_key_file.empty() ? (api_key_env.empty() ? "" : "the variable " + api_key_env)
                                    : api_key_file.string();
    }
    // How a person finds one of these: "agents[0].timeout".
    std::string setting(std::string_view key) const { return section + "." + std::string(key); }
};

// The agent of those accounts, instead of the one that answers all others.
struct AccountAgent {
    std::vector<std::string> accounts{};  // an account, or `platform/account`
    AgentConfig config{};
};

// `folder` is that of config.yaml.
AgentConfig read_agent(const ConfigNode& section, const std::filesystem::path& folder,
                       const Environment& variables, Problems& problems);
std::vector<AccountAgent> read_agents(const ConfigNode& list, const std::filesystem::path& folder,
                                      const Environment& variables, Problems& problems);

}  // namespace hermes::host
