#include "simulator/simulation.hpp"

#include <boost/json/parse.hpp>
#include <stdexcept>
#include <utility>

#include "commands/setup.hpp"
#include "config/yaml_file.hpp"
#include "exit_code.hpp"
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

boost::json::object settings_of(const Setup& setup) {
    for (const auto& configured : setup.platforms) {
        if (configured.plugin->name() == platform) {
            return boost::json::parse(configured.settings).as_object();
        }
    }
    throw UsageError(setup.config.file.string() + ": platforms." + platform + " is not enabled");
}

}  // namespace

Simulation::Simulation(const SimulateOptions& options,
                       std::function<void(const std::string& how)> gateway_ended)
    : run_folder_(options.run_directory.empty() ? default_run_folder()
                                                : fs::absolute(options.run_directory)) {
    make_private_folder(run_folder_);
    log_file_ = run_folder_ / "gateway.log";
    config_file_ = options.config.empty() ? run_folder_ / "config.yaml" : fs::path(options.config);
    if (options.config.empty()) {
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
    const auto settings = settings_of(require_setup(source));
    auto address = gateway_address(settings);
    // Nobody cares which port the demo has; a configuration of somebody's own is left alone.
    if (options.config.empty() && !port_is_free(address.host, address.port)) {
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
    simulator.port = options.port;
    simulator.callback_retry_pause = retry_pause;
    simulator.ca_file = address.tls_certificate;
    wecom_ = std::make_unique<WecomSimulator>(std::move(world), std::move(simulator));
}

void Simulation::prepare_gateway(const SimulateOptions& options,
                                 std::function<void(const std::string& how)> gateway_ended) {
    GatewayProcessOptions gateway;
    gateway.command = {executable_of(options), "gateway", "start", "--config",
                       fs::absolute(config_file_)};
    gateway.log_file = log_file_;
    gateway.ended = std::move(gateway_ended);
    gateway.environment = [this] {
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
    };
    gateway_ = std::make_unique<GatewayProcess>(std::move(gateway));
}

void Simulation::start() {
    try {
        wecom_->start();
    } catch (const std::runtime_error& problem) {
        throw std::runtime_error(std::string(problem.what()) + " (--port chooses another)");
    }
    gateway_->start(start_patience);
}

void Simulation::restart_gateway() {
    gateway_->stop(stop_patience);
    gateway_->start(start_patience);
}

void Simulation::stop() {
    gateway_->stop(stop_patience);
    wecom_->stop();
}

}  // namespace hermes::host::simulator
