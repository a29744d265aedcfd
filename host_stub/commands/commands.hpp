// What each command does. Every function returns the exit status; it throws UsageError for exit
// status 2 and std::runtime_error for 1, with one line for stderr.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "hermes/ext/setup_guide.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "hermes/ext/upkeep.hpp"

namespace hermes::host {

struct GatewayStartOptions {
    ConfigSource source{};
    std::optional<LogLevel> log_level{};  // instead of the configuration's, as is the format
    std::optional<LogFormat> log_format{};
    bool logs_agents = false;  // ConversationOptions::traces_talk
};
int gateway_start(const GatewayStartOptions& options);

int config_check(const ConfigSource& source);
int config_diff(const ConfigSource& source);

enum class OutputFormat { text, json };

struct DoctorOptions {
    ConfigSource source{};
    std::string public_url{};  // Examination::public_url
    OutputFormat format = OutputFormat::text;
    std::optional<GuideLanguage> language{};  // none: the locale's, and English for a program
};
int run_doctor(const DoctorOptions& options);
// Until every account has been verified, or SIGINT or SIGTERM.
int listen_for_arrivals(const ConfigSource& source, std::optional<GuideLanguage> language);

enum class Asking { freely, never };

struct InitOptions {
    std::filesystem::path file = "config.yaml";
    std::string platform{};                   // empty: the only one that has a guide
    std::string plugins_directory{};          // empty: by the program
    std::vector<std::string> settings{};      // KEY=VALUE
    std::optional<GuideLanguage> language{};  // none: the locale's
    Asking ask = Asking::freely;
    bool overwrite = false;
};
int run_init(const InitOptions& options);

struct AgentTryOptions {
    ConfigSource source{};
    std::string text{};
    std::string account{};  // whose agent; empty: of the first there is
    // Files, `-` is stdin: YAML of another agent; what the agent is given in place of the text.
    std::string agent_file{};
    std::string input_file{};
    OutputFormat format = OutputFormat::text;
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

// Whose state.
struct StateSource {
    ConfigSource config{};
    std::string platform{};  // empty: every one that keeps state
};

struct TraceOptions {
    StateSource source{};
    StoryFilter filter{};
    OutputFormat format = OutputFormat::text;
};
int trace_messages(const TraceOptions& options);
struct WaitingOptions {
    StateSource source{};
    std::size_t limit = 100;  // of each side
    OutputFormat format = OutputFormat::text;
};
int list_waiting(const WaitingOptions& options);
int back_up_state(const StateSource& source, const std::filesystem::path& file);
int forget_person(const StateSource& source, const std::string& chat);
int show_gateways(const StateSource& source, OutputFormat format);
int drain_gateway(const StateSource& source, std::int64_t number, bool is_drained);

}  // namespace hermes::host
