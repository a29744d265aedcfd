// The command line while it is read: where options land, and which command it is.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "commands/commands.hpp"
#include "simulator/simulate.hpp"

namespace hermes::host {

// Where each command's options land, and which command it is.
struct CommandLine {
    ConfigSource source{};
    GatewayStartOptions start{};
    DoctorOptions doctor{};
    InitOptions init{};
    AgentTryOptions agent{};
    PluginsListOptions list{};
    PluginsCheckOptions check{};
    SendOptions send{};
    std::string recalled{};
    std::filesystem::path menu_file{};
    StateOptions state{};
    TraceOptions trace{};
    WaitingOptions waiting{};
    std::filesystem::path backup{};
    std::string forgotten{};
    std::int64_t drained = 0;  // a gateway's number
    bool is_back = false;      // it is to have its share again
    SimulateOptions simulate{};
    bool json = false;
    std::int64_t send_timeout_seconds = 60;
    std::function<int()> run{};
};

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help);
// --config and --env-file.
void add_source(CLI::App& command, ConfigSource& source);

void add_state(CLI::App& app, CommandLine& line);

}  // namespace hermes::host
