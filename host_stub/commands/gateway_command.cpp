#include <unistd.h>

#include <iostream>

#include "agents/answer_files.hpp"
#include "agents/left_behind.hpp"
#include "base/event_loop.hpp"
#include "commands/commands.hpp"
#include "gateway/configured_agents.hpp"
#include "gateway/gateway.hpp"
#include "gateway/heartbeat.hpp"
#include "gateway/reloader.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "system/private_memory.hpp"
#include "system/stop_signals.hpp"
#include "system/supervisor.hpp"
#include "watch/watch.hpp"

namespace hermes::host {
namespace {

// From the signal to the end of the process, whatever an adapter does.
constexpr std::chrono::seconds stop_limit{10};
// What the adapters get of it: the agents' children are killed before, the rest is reserve.
constexpr std::chrono::seconds adapter_patience{6};
// So that one which comes late is none too few.
constexpr int beats_in_patience = 3;

std::vector<PlatformSpec> specs_of(const Setup& setup) {
    std::vector<PlatformSpec> specs;
    for (const auto& platform : setup.platforms) {
        specs.push_back(
            {platform.plugin->name(), [&platform](AdapterHost& host) {
                 const AdapterContext context{host, platform.settings, AdapterMode::gateway};
                 return platform.plugin->descriptor().create(context);
             }});
    }
    return specs;
}

void log_warnings(const Setup& setup, Log& log) {
    for (const auto& problem : setup.folder.problems) {
        log.write(LogLevel::error, "gateway", problem);
    }
    for (const auto& warning : setup.problems.warnings) {
        log.write(LogLevel::warning, "gateway", warning);
    }
}

std::string ready_line(const Setup& setup) {
    std::string line = "gateway ready:";
    for (const auto& platform : setup.platforms) {
        line += (line.back() == ':' ? " " : ", ") + platform.plugin->name();
    }
    return line;
}

ConversationOptions conversation_options(const HostConfig& config, bool traces_talk) {
    const auto& agent = config.agent;
    ConversationOptions options;
    options.traces_talk = traces_talk;
    options.files_room = make_files_room(config.data_dir);
    options.turns_max = agent.turns_max;
    options.sign_of_life = {.after = agent.notices.after, .every = agent.notices.every};
    options.notice_words = {.chinese = agent.notices.chinese, .english = agent.notices.english};
    return options;
}

// Null: the service manager does not want to be told that it lives.
std::unique_ptr<Heartbeat> start_heartbeat(Gateway& gateway, const Supervisor& supervisor,
                                           Log& log) {
    const auto patience = supervisor.patience();
    return patience ? std::make_unique<Heartbeat>(
                          gateway.pulses(), *patience / beats_in_patience,
                          [&supervisor] { supervisor.tell("WATCHDOG=1"); }, log)
                    : nullptr;
}

// To whoever was started in a terminal SIGHUP says that it was closed, which ends what it has
// started, as ever: nothing can be read there any more. Otherwise somebody asks for the files to be
// read anew.
std::string wait_for_the_end(const StopSignals& signals, const ConfigSource& source,
                             Reloader& reloader) {
    const auto has_terminal = [] { return ::isatty(STDIN_FILENO) == 1; };
    const bool had_terminal = has_terminal();
    for (;;) {
        auto signal = signals.wait();
        if (signal != "SIGHUP" || (had_terminal && !has_terminal())) {
            return signal;
        }
        reloader.reload(source);
    }
}

// `watchdog` runs from the start on: at the end there may be no thread to be had.
void stop_in_time(Gateway& gateway, base::EventLoop& watchdog, Log& log) {
    const auto now = std::chrono::steady_clock::now();
    watchdog.at(now + stop_limit, [&log] {
        log.write(LogLevel::error, "gateway", "a platform did not stop in time: leaving it");
        ::_exit(exit_failure);
    });
    gateway.stop(now + adapter_patience);
    watchdog.stop();
}

}  // namespace

int gateway_start(const GatewayStartOptions& options) {
    const StopSignals signals;
    const auto supervisor = Supervisor::take_from_environment();
    const auto setup = require_setup(options.source);
    // Who shows what agents say looks everything up in the language of those who read it.
    const auto log = make_log({.level = options.log_level.value_or(setup.config.log.level),
                               .format = options.log_format.value_or(setup.config.log.format)},
                              options.logs_agents ? Translator() : setup.words);
    log_warnings(setup, *log);
    if (setup.platforms.empty()) {
        throw UsageError("no platform is enabled: set platforms.<name>.enabled in " +
                         setup.config.file.string());
    }
    keep_memory_private();
    if (const auto ended = end_left_behind(setup.config.data_dir)) {
        log->write(LogLevel::warning, "gateway",
                   std::to_string(ended) +
                       " process(es) of the agent that an earlier gateway left behind were ended");
    }
    base::EventLoop watchdog;
    ReplaceableAgent agent(make_configured_agents(setup.config, setup.folder));
    Gateway gateway(specs_of(setup), setup.config.data_dir, agent, *log,
                    conversation_options(setup.config, options.logs_agents));
    gateway.start();
    Reloader reloader(setup, gateway, agent, *log);
    std::cout << ready_line(setup) << std::endl;
    supervisor.tell("READY=1\nSTATUS=" + ready_line(setup));
    auto heartbeat = start_heartbeat(gateway, supervisor, *log);
    std::optional<Watch> watch;
    if (setup.config.watch.every.count() > 0) {
        watch.emplace(setup.config.watch, options.source, setup.config.data_dir,
                      agent_environment(setup.folder), setup.words, *log);
    }
    const auto signal = wait_for_the_end(signals, options.source, reloader);
    supervisor.tell("STOPPING=1");
    heartbeat.reset();
    watch.reset();
    log->write(LogLevel::info, "gateway", signal + ": stopping");
    stop_in_time(gateway, watchdog, *log);
    log->write(LogLevel::info, "gateway", "stopped");
    return exit_ok;
}

}  // namespace hermes::host
