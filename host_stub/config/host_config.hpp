// What config.yaml says about the host itself, and, still as text, about each platform.
#pragma once

#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "config/config_node.hpp"
#include "config/environment.hpp"
#include "config/problems.hpp"
#include "hermes/adapter_host.hpp"

namespace hermes::host {

enum class LogFormat { text, json };

// The words by which config.yaml and the command line choose a value.
template <typename Enum, std::size_t count>
using Words = std::array<std::pair<std::string_view, Enum>, count>;

inline constexpr Words<LogLevel, 4> log_levels{{{"debug", LogLevel::debug},
                                                {"info", LogLevel::info},
                                                {"warning", LogLevel::warning},
                                                {"error", LogLevel::error}}};
inline constexpr Words<LogFormat, 2> log_formats{
    {{"text", LogFormat::text}, {"json", LogFormat::json}}};

struct LogConfig {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

enum class AgentKind { echo, command, openai };

inline constexpr Words<AgentKind, 3> agent_kinds{
    {{"echo", AgentKind::echo}, {"command", AgentKind::command}, {"openai", AgentKind::openai}}};

struct AgentConfig {
    AgentKind kind = AgentKind::echo;
    std::filesystem::path folder{};         // of config.yaml: where a command runs
    std::vector<std::string> command{};     // of kind command
    std::chrono::seconds timeout{45 * 60};  // for one turn
    std::chrono::seconds notice_after{0};   // 0: no notice
    std::size_t turns_max = 0;              // that run side by side
    std::string base_url{};                 // of kind openai, as are the following; no / at its end
    std::string model{};
    std::string api_key_env{};
    base::Secret api_key{};  // the value of that variable; empty: there is none
    std::string system_prompt{};
    // Not of config.yaml: what a gateway adds (agents/child_process.hpp).
    std::optional<rlimit> child_descriptors{};
};

struct PlatformConfig {
    std::string name;
    bool enabled = true;
    ConfigNode extra{};
};

struct HostConfig {
    std::filesystem::path file{};  // absolute, as are the folders below
    std::filesystem::path plugins_dir{};
    std::filesystem::path data_dir{};
    LogConfig log{};
    AgentConfig agent{};
    std::vector<PlatformConfig> platforms{};
    Environment environment{};  // of the process, over `.env`
};

struct ConfigSource {
    std::filesystem::path file = "config.yaml";
    std::optional<std::filesystem::path> env_file{};  // none: `.env` beside `file`, if it is there
};

// Reads and checks everything that needs no plugin. Throws std::runtime_error with one line if a
// file can't be read or understood.
HostConfig load_host_config(const ConfigSource& source, const Environment& process,
                            Problems& problems);

}  // namespace hermes::host
