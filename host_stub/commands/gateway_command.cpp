#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <system_error>

#include "agents/account_agents.hpp"
#include "agents/left_behind.hpp"
#include "base/event_loop.hpp"
#include "commands/commands.hpp"
#include "commands/setup.hpp"
#include "config/variables.hpp"
#include "descriptor_limit.hpp"
#include "exit_code.hpp"
#include "gateway.hpp"
#include "private_memory.hpp"

namespace hermes::host {
namespace {

// From the signal to the end of the process, whatever an adapter does.
constexpr std::chrono::seconds stop_limit{10};
// What the adapters get of it: the agents' children are killed before, the rest is reserve.
constexpr std::chrono::seconds adapter_patience{6};

// SIGINT and SIGTERM, waited for in the open: blocked before the first thread, so that all threads
// inherit it.
class StopSignals {
public:
    StopSignals() {
        ::sigemptyset(&signals_);
        ::sigaddset(&signals_, SIGINT);
        ::sigaddset(&signals_, SIGTERM);
        if (const int error = ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr)) {
            throw std::system_error(error, std::generic_category(), "pthread_sigmask");
        }
    }

    std::string wait() const {
        int signal = 0;
        while (::sigwait(&signals_, &signal) != 0) {
        }
        return signal == SIGINT ? "SIGINT" : "SIGTERM";
    }

private:
    sigset_t signals_{};
};

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

// With the mark by which the next gateway finds what this one has left behind.
Environment marked_environment(const Setup& setup) {
    auto variables = agent_environment(setup);
    const auto mark = mark_of_this_gateway(setup.config.data_dir);
    const auto equals = mark.find('=');
    variables[mark.substr(0, equals)] = mark.substr(equals + 1);
    return variables;
}

std::unique_ptr<Agent> make_configured_agents(const Setup& setup) {
    auto for_others = setup.config.agent;
    auto for_accounts = setup.config.agents;
    for_others.child_descriptors = raise_descriptor_limit();
    for (auto& agent : for_accounts) {
        agent.config.child_descriptors = for_others.child_descriptors;
    }
    return make_agents(for_others, for_accounts, marked_environment(setup));
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

ConversationOptions conversation_options(const AgentConfig& agent) {
    ConversationOptions options;
    options.turns_max = agent.turns_max;
    options.sign_of_life = {.after = agent.notices.after, .every = agent.notices.every};
    options.notice_words = {.chinese = agent.notices.chinese, .english = agent.notices.english};
    return options;
}

void stop_in_time(Gateway& gateway, Log& log) {
    const auto now = std::chrono::steady_clock::now();
    base::EventLoop watchdog;
    watchdog.at(now + stop_limit, [&log] {
        log.write(LogLevel::error, "gateway", "a platform did not stop in time: leaving it");
        ::_exit(exit_failure);
    });
    gateway.stop(now + adapter_patience);
}

}  // namespace

int gateway_start(const GatewayStartOptions& options) {
    const StopSignals signals;
    const auto setup = require_setup(options.source);
    const auto log = make_log({.level = options.log_level.value_or(setup.config.log.level),
                               .format = options.log_format.value_or(setup.config.log.format)});
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
    const auto agent = make_configured_agents(setup);
    Gateway gateway(specs_of(setup), setup.config.data_dir, *agent, *log,
                    conversation_options(setup.config.agent));
    gateway.start();
    std::cout << ready_line(setup) << std::endl;
    log->write(LogLevel::info, "gateway", signals.wait() + ": stopping");
    stop_in_time(gateway, *log);
    log->write(LogLevel::info, "gateway", "stopped");
    return exit_ok;
}

}  // namespace hermes::host
