#include "simulator/simulation.hpp"

#include <stdexcept>
#include <utility>

#include "commands/setup.hpp"
#include "config/text_file.hpp"
#include "config/yaml_file.hpp"
#include "exit_code.hpp"
#include "simulator/agent_section.hpp"
#include "simulator/demo_world.hpp"
#include "simulator/run_folder.hpp"
#include "simulator/world_settings.hpp"

namespace hermes::host::simulator {

namespace {

namespace fs = std::filesystem;

constexpr const char* platform = "wecom_callback";
constexpr std::uint16_t demo_gateway_port = 8645;  // the gateway's default
constexpr std::chrono::seconds start_patience{30};
constexpr std::chrono::seconds stop_patience{10};
constexpr std::chrono::seconds retry_pause{1};  // long enough to be seen; WeCom's is not documented

fs::path this_executable() {
    return fs::read_symlink("/proc/self/exe");
}

fs::path executable_of(const SimulateOptions& options) {
    return options.executable.empty() ? this_executable() : fs::absolute(options.executable);
}

// Where plugins are in a build folder, and where they are installed.
fs::path plugins_folder(const SimulateOptions& options) {
    if (!options.plugins_directory.empty()) {
        return fs::absolute(options.plugins_directory);
    }
    const auto prefix = executable_of(options).parent_path().parent_path();
    for (const auto* const place : {"plugins", "lib/hermes/plugins"}) {
        if (fs::is_directory(prefix / place)) {
            return prefix / place;
        }
    }
    throw UsageError("no plugins folder beside " + executable_of(options).string() +
                     ": give --plugins-dir");
}

PlatformSettings settings_of(const Setup& setup) {
    for (const auto& configured : setup.platforms) {
        if (configured.plugin->name() == platform) {
            return configured.settings;
        }
    }
    throw UsageError(setup.config.file.string() + ": platforms." + platform + " is not enabled");
}

}  // namespace

Simulation::Simulation(const SimulateOptions& options,
                       std::function<void(const std::string& how)> gateway_ended)
    : is_demo_(options.config.empty()),
      run_folder_(options.run_directory.empty() ? default_run_folder()
                                                : fs::absolute(options.run_directory)),
      gateway_log_([this](std::string_view msgid) { return wecom_->entry_of_msgid(msgid); }) {
    make_private_folder(run_folder_);
    log_file_ = run_folder_ / "gateway.log";
    config_file_ = options.config.empty() ? run_folder_ / "config.yaml" : fs::path(options.config);
    if (is_demo_) {
        make_demo(options);
    } else {
        // Whatever waits in the real outbox must not be delivered to a WeCom that is a toy.
        gateway_variables_.push_back("WECOM_CALLBACK_STATE=" +
                                     (run_folder_ / "simulated.db").string());
    }
    read_world(options);
    prepare_gateway(options, std::move(gateway_ended));
}

Simulation::~Simulation() {
    stop();
}

void Simulation::make_demo(const SimulateOptions& options) {
    link_folder(run_folder_ / "plugins", plugins_folder(options));
    if (fs::exists(config_file_)) {
        return;
    }
    const auto world = demo_world(demo_gateway_port);
    write_private_file(run_folder_ / "world.yaml", format_names(world));
    write_private_file(config_file_, format_gateway_config(world, demo_gateway_port));
}

void Simulation::read_world(const SimulateOptions& options) {
    ConfigSource source;
    source.file = config_file_;
    const auto setup = require_setup(source);
    agent_.with([&](auto& agent) { agent = setup.config.agent; });
    const auto settings = settings_of(setup);
    auto address = gateway_address(settings);
    // Nobody cares which port the demo has; a configuration of somebody's own is left alone.
    if (is_demo_ && !port_is_free(address.host, address.port)) {
        address.port = any_free_port();
        gateway_variables_.push_back("WECOM_CALLBACK_PORT=" + std::to_string(address.port));
    }
    auto world = world_of_settings(settings, address);
    const auto names = run_folder_ / "world.yaml";
    if (fs::exists(names)) {
        add_names(world, read_yaml_file(names));
    }
    add_sample_members(world);
    SimulatorOptions simulator;
    simulator.port = options.api_port;
    simulator.callback_retry_pause = retry_pause;
    simulator.ca_file = address.tls_certificate;
    simulator.hear_gateway = [this] { gateway_->catch_up(); };
    wecom_ = std::make_unique<WecomSimulator>(std::move(world), std::move(simulator));
}

void Simulation::prepare_gateway(const SimulateOptions& options,
                                 std::function<void(const std::string& how)> gateway_ended) {
    GatewayProcessOptions gateway;
    gateway.command = {
        executable_of(options), "gateway", "start",        "--config", fs::absolute(config_file_),
        "--log-level",          "debug",   "--log-format", "json"};
    gateway.log_file = log_file_;
    gateway.on_line = [this](std::string_view line) { return take_line(line); };
    gateway.ended = [this, ended = std::move(gateway_ended)](const std::string& how) {
        tell_ended({.how = how});
        ended(how);
    };
    gateway.environment = [this] { return gateway_environment(); };
    gateway_ = std::make_unique<GatewayProcess>(std::move(gateway));
}

std::vector<std::string> Simulation::gateway_environment() const {
    auto variables = process_environment();
    for (const auto& variable : gateway_variables_) {
        const auto equals = variable.find('=');
        variables[variable.substr(0, equals)] = variable.substr(equals + 1);
    }
    variables["WECOM_CALLBACK_API_BASE"] = wecom_->api_base();
    std::vector<std::string> lines;
    for (const auto& [key, value] : variables) {
        lines.push_back(key + "=" + value);
    }
    return lines;
}

std::string Simulation::take_line(std::string_view text) {
    const auto line = parse_gateway_line(text);
    if (!line) {
        return std::string(text);
    }
    wecom_->note(gateway_log_.step_of(*line));
    return format_gateway_line(*line);
}

void Simulation::start() {
    wecom_->start();
    const std::lock_guard lock(control_);
    start_gateway();
}

void Simulation::start_gateway() {
    state_.with([](auto& state) { state = {.phase = GatewayState::Phase::starting}; });
    changed_();
    try {
        gateway_->start(start_patience);
    } catch (const std::exception& problem) {
        tell_ended({.how = problem.what()});
        throw;
    }
    tell_ready();
}

void Simulation::restart_gateway() {
    const std::lock_guard lock(control_);
    gateway_->stop(stop_patience);
    start_gateway();
}

void Simulation::kill_gateway() {
    const std::lock_guard lock(control_);
    gateway_->kill();
    tell_ended({.how = "by kill -9", .on_purpose = true});
}

void Simulation::change_agent(AgentConfig agent) {
    if (!is_demo_) {
        throw std::runtime_error("the configuration is your own: put the section into " +
                                 config_file_.string() + " and restart the gateway");
    }
    const std::lock_guard lock(control_);
    const auto before = read_text_file(config_file_);
    const auto old = this->agent();
    agent.turns_max = old.turns_max;
    agent.notices = {.after = agent.notices.after,
                     .every = old.notices.every,
                     .chinese = old.notices.chinese,
                     .english = old.notices.english};
    write_private_file(config_file_, replace_agent_section(before, format_agent_section(agent)));
    ConfigSource source;
    source.file = config_file_;
    const auto setup = load_setup(source);
    if (!setup.problems.errors.empty()) {
        write_private_file(config_file_, before);
        throw std::runtime_error(setup.problems.errors.front());
    }
    agent_.with([&](auto& current) { current = setup.config.agent; });
    gateway_->stop(stop_patience);
    start_gateway();
}

void Simulation::stop() {
    const std::lock_guard lock(control_);
    gateway_->stop(stop_patience);
    wecom_->stop();
}

GatewayState Simulation::gateway_state() const {
    return state_.with([](const auto& state) { return state; });
}

AgentConfig Simulation::agent() const {
    return agent_.with([](const auto& agent) { return agent; });
}

void Simulation::tell_ready() {
    const auto pid = gateway_->pid();
    wecom_->note({.kind = StepKind::gateway_started,
                  .summary = "process " + std::to_string(pid) + " is ready"});
    state_.with([&](auto& state) {
        if (state.phase == GatewayState::Phase::starting) {  // else it has ended meanwhile
            state = {.phase = GatewayState::Phase::ready, .pid = pid};
        }
    });
    changed_();
}

void Simulation::tell_ended(GatewayState state) {
    wecom_->note({.kind = StepKind::gateway_ended, .summary = "the gateway ended " + state.how});
    state_.with([&](auto& current) { current = std::move(state); });
    changed_();
}

}  // namespace hermes::host::simulator
