// What each command does. Every function returns the exit status; it throws UsageError for exit
// status 2 and std::runtime_error for 1, with one line for stderr.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "config/host_config.hpp"
#include "hermes/ext/state_inspector.hpp"

namespace hermes::host {

struct GatewayStartOptions {
    ConfigSource source{};
    std::optional<LogLevel> log_level{};  // instead of the configuration's, as is the format
    std::optional<LogFormat> log_format{};
};
int gateway_start(const GatewayStartOptions& options);

int config_check(const ConfigSource& source);

struct DoctorOptions {
    ConfigSource source{};
    std::string public_url{};  // Examination::public_url
};
int run_doctor(const DoctorOptions& options);

struct AgentTryOptions {
    ConfigSource source{};
    std::string text{};
    std::string account{};  // whose agent; empty: of the first there is
};
int agent_try(const AgentTryOptions& options);

struct PluginsListOptions {
    ConfigSource source{};
    bool with_settings = false;
};
int plugins_list(const PluginsListOptions& options);

struct PluginsCheckOptions {
    std::filesystem::path plugin{};
    std::optional<std::filesystem::path> settings_file{};  // JSON, as the plugin gets it
    std::optional<ConfigSource> source{};                  // or from config.yaml
};
int plugins_check(const PluginsCheckOptions& options);

struct SendOptions {
    ConfigSource source{};
    std::string platform{};  // empty: the only one that is enabled
    std::string account{};
    std::string chat{};
    std::optional<std::string> text{};  // none: from stdin
    std::chrono::seconds timeout{60};
};
int send_message(const SendOptions& options);

// Which account of which platform is meant.
struct AccountSource {
    ConfigSource config{};
    std::string platform{};  // empty: the only one that is enabled
    std::string account{};   // empty: the only one there is
};
int set_menu(const AccountSource& source, const std::filesystem::path& file);
int show_menu(const AccountSource& source);
int remove_menu(const AccountSource& source);
int recall_message(const AccountSource& source, const std::string& message_id);

enum class StateAction { summary, list_dead, show_dead, retry_dead, retry_all_dead, drop_dead };
enum class OutputFormat { text, json };

struct StateOptions {
    ConfigSource source{};
    std::string platform{};  // empty: every one that keeps state
    StateAction action = StateAction::summary;
    std::string id{};           // of a dead letter
    DeadLetterFilter filter{};  // of retry_all_dead
    std::size_t limit = 100;
    OutputFormat format = OutputFormat::text;
};
int show_state(const StateOptions& options);

}  // namespace hermes::host
