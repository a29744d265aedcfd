// What config.yaml says about the host itself, and, still as text, about each platform.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/agent_config.hpp"
#include "config/config_node.hpp"
#include "config/environment.hpp"
#include "config/problems.hpp"
#include "config/watch_config.hpp"
#include "config/words.hpp"
#include "hermes/adapter_host.hpp"

namespace hermes::host {

enum class LogFormat { text, json };

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

struct PlatformConfig {
    std::string name;
    bool enabled = true;
    ConfigNode extra{};
};

struct HostConfig {
    std::filesystem::path file{};      // absolute, as are the folders below
    std::filesystem::path env_file{};  // that was read; empty: none
    std::filesystem::path plugins_dir{};
    std::filesystem::path data_dir{};
    LogConfig log{};
    AgentConfig agent{};
    std::vector<AccountAgent> agents{};  // of single accounts
    ConfigNode sections{};               // `agent`, `agents` and `log`, as they are written
    std::vector<PlatformConfig> platforms{};
    WatchConfig watch{};
    Environment environment{};  // of the process, over `.env`
};

struct ConfigSource {
    std::filesystem::path file = "config.yaml";
    std::optional<std::filesystem::path> env_file{};  // none: `.env` beside `file`, if it is there
    std::optional<std::filesystem::path> data_dir{};  // instead of the file's
    // YAML of another `agent` section, which is then the agent of every account.
    std::optional<std::string> agent{};
};

// Reads and checks everything that needs no plugin. Throws std::runtime_error with one line if a
// file can't be read or understood.
HostConfig load_host_config(const ConfigSource& source, const Environment& process,
                            Problems& problems);

}  // namespace hermes::host
