#include "simulator/simulation.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "agents/agent_check.hpp"
#include "config/text_file.hpp"
#include "config/yaml_file.hpp"
#include "loader/plugin_loader.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "simulator/demo_world.hpp"
#include "simulator/gateways/agent_section.hpp"
#include "simulator/gateways/run_folder.hpp"
#include "simulator/world_settings.hpp"

namespace hermes::host::simulator {

namespace {

namespace fs = std::filesystem;

constexpr const char* state_variable = "WECOM_CALLBACK_STATE";
constexpr const char* media_folder_variable = "WECOM_CALLBACK_MEDIA_DIR";
constexpr std::uint16_t demo_gateway_port = 8645;  // the gateway's default
constexpr std::chrono::hours program_patience{1};  // longer than an agent takes
// An agent that is tried has its own before it is ended for sure, and what it said is told after.
constexpr auto program_grace = 2 * base::kill_grace;
constexpr std::size_t program_output_bytes_max = std::size_t{16} << 20U;
constexpr std::chrono::seconds newly_taken{10};
constexpr std::chrono::milliseconds commit_patience{500};
constexpr std::chrono::seconds retry_pause{1};  // long enough to be seen; WeCom's is not documented

fs::path executable_of(const SimulateOptions& options) {
    return options.executable.empty() ? this_executable() : fs::absolute(options.executable);
}

void add_guests(World& world, const std::vector<SimulateOptions::Guest>& guests) {
    for (const auto& guest : guests) {
        const auto* const app = world.find_app(guest.app);
        if (app != nullptr && world.find_member(app->corp_id, guest.user_id) == nullptr) {
            world.members.push_back({app->corp_id, guest.user_id, guest.user_id});
        }
    }
}

}  // namespace

Simulation::Simulation(const SimulateOptions& options, GatewayEnded gateway_ended)
    : is_demo_(options.config.empty()),
      executable_(executable_of(options)),
      run_folder_(options.run_directory.empty() ? default_run_folder()
                                                : fs::absolute(options.run_directory)),
      gateway_log_(
          GatewayLog([this](std::string_view msgid) { return wecom_->entry_of_msgid(msgid); },
                     [this](std::string_view app, std::string_view user_id, std::uint64_t after) {
                         return wecom_->event_under_way(app, user_id, after);
                     })) {
    make_private_folder(run_folder_);
    log_file_ = run_folder_ / "gateway.log";
    config_file_ = options.config.empty() ? run_folder_ / "config.yaml" : fs::path(options.config);
    if (is_demo_) {
        make_demo(options);
    }
    keep_apart(options);
    if (!options.fresh_state.empty()) {
        set_variable(state_variable, options.fresh_state);
    } else if (options.gateways > 1) {
        database_ = std::make_unique<LocalPostgresql>(run_folder_);
        set_variable(state_variable, database_->url());
    } else if (!is_demo_) {
        set_variable(state_variable, (run_folder_ / "simulated.db").string());
    }
    read_world(options);
    if (options.fresh_state.empty()) {
        go_on_from_history();
    }
    prepare_gateways(options, std::move(gateway_ended));
}

Simulation::~Simulation() {
    stop();
}

void Simulation::make_demo(const SimulateOptions& options) {
    link_folder(run_folder_ / "plugins", plugins_folder(options.plugins_directory, executable_));
    if (fs::exists(config_file_)) {
        return;
    }
    const auto world = demo_world(demo_gateway_port);
    write_private_file(run_folder_ / "world.yaml", format_names(world));
    write_private_file(config_file_, format_gateway_config(world, demo_gateway_port));
}

// A toy must neither deliver what waits in somebody's real outbox nor touch what else a gateway
// keeps: sessions, members' files, what the watch has told. The same of a scenario.
void Simulation::keep_apart(const SimulateOptions& options) {
    if (!options.fresh_state.empty()) {
        own_data_ = fs::path(options.fresh_state).replace_filename("data");
    } else if (!is_demo_) {
        own_data_ = run_folder_ / "simulated";
    } else {
        return;
    }
    set_variable(media_folder_variable, "media");  // in there
}

void Simulation::read_world(const SimulateOptions& options) {
    ConfigSource source;
    source.file = config_file_;
    const auto setup = require_setup(source);
    agent_.with([&](auto& agent) { agent = setup.config.agent; });
    for (const auto& table : chinese_tables(setup.folder)) {
        for (const auto& row : table) {
            chinese_.emplace_back(row.english, row.translated);
        }
    }
    const auto settings = settings_of(setup);
    auto address = address_of(settings);
    // Of scenarios several may begin at the same moment, and each would find the usual port free.
    if (!options.fresh_state.empty()) {
        take_any_port(address);
    }
    auto world = world_of_settings(settings, address);
    const auto names = run_folder_ / "world.yaml";
    if (fs::exists(names)) {
        add_names(world, read_yaml_file(names));
    }
    add_guests(world, options.guests);
    add_sample_members(world);
    SimulatorOptions simulator;
    simulator.port = options.api_port;
    simulator.callback_retry_pause = retry_pause;
    simulator.ca_file = address.tls_certificate;
    simulator.hear_gateway = [this] { gateways_->catch_up(); };
    simulator.front = [this](const std::string& url) {
        auto door = gateways_->next_door(url);
        return CallbackSender::Door{std::move(door.url), shown(door.gateway)};
    };
    wecom_ = std::make_unique<WecomSimulator>(std::move(world), std::move(simulator));
}

void Simulation::go_on_from_history() {
    history_ = std::make_unique<History>(run_folder_ / "history.db");
    const auto past = history_->read();
    wecom_->go_on_from(past);
    // A run folder may have three databases.
    const auto* const state = database_ ? "postgresql" : is_demo_ ? "" : "simulated";
    gateway_log_.with([&](auto& log) { log.go_on_from(past.steps, state); });
    wecom_->observe({.on_step = [this](const WireStep& step) { history_->keep(step); },
                     .on_entry = [this](const ChatEntry& entry) { history_->keep(entry); },
                     .on_menus = [this] { history_->keep(wecom_->menus()); },
                     .on_media = [this](const std::string& media_id,
                                        const Media& media) { history_->keep(media_id, media); }});
}

void Simulation::prepare_gateways(const SimulateOptions& options, GatewayEnded gateway_ended) {
    GatewaysOptions gateways;
    gateways.command = {
        executable_,   "gateway", "start",        "--config", fs::absolute(config_file_),
        "--log-level", "debug",   "--log-format", "json",     "--log-agents"};
    gateways.log_file = log_file_;
    gateways.environment = [this] { return gateway_environment(); };
    gateways.places = places(options.gateways);
    gateways.find_place = [this](std::size_t gateway, GatewayPlace& place,
                                 std::string_view failure) {
        return find_place(gateway, place, failure);
    };
    gateways.on_line = [this](std::size_t gateway, std::string_view line) {
        return take_line(gateway, line);
    };
    gateways.changed = [this](std::size_t gateway, const GatewayState& state) {
        tell(gateway, state);
    };
    gateways.ended = [this, ended = std::move(gateway_ended)](std::size_t gateway,
                                                              const std::string& how) {
        ended(shown(gateway), how);
    };
    gateways_ = std::make_unique<Gateways>(std::move(gateways));
}

Environment Simulation::gateway_environment() const {
    auto variables = process_environment();
    gateway_variables_.with([&](const auto& ours) {
        for (const auto& [name, value] : ours) {
            variables[name] = value;
        }
    });
    variables["WECOM_CALLBACK_API_BASE"] = wecom_->api_base();
    return variables;
}

base::ChildResult Simulation::run_program(const OperatorDesk::Request& request,
                                          const std::stop_token& stop) const {
    base::ChildOptions child;
    child.command = {executable_};
    child.command.insert(child.command.end(), request.arguments.begin(), request.arguments.end());
    // Before a "--", after which nothing is an option.
    auto source = data_arguments();
    source.insert(source.end(), {"--config", fs::absolute(config_file_).string()});
    child.command.insert(std::find(child.command.begin(), child.command.end(), "--"),
                         source.begin(), source.end());
    auto variables = gateway_environment();
    for (const auto& [name, value] : gateways_->variables_of_ready()) {
        variables[name] = value;
    }
    child.environment = variable_lines(variables);
    child.input = request.input;
    child.on_line = request.on_line;
    child.timeout = program_patience;
    child.grace = program_grace;
    child.output_bytes_max = program_output_bytes_max;
    return base::run_child(child, stop);
}

std::string Simulation::take_line(std::size_t gateway, std::string_view text) {
    const auto number = shown(gateway);
    const auto who = number == 0 ? "" : "gateway " + std::to_string(number) + ": ";
    const auto line = parse_gateway_line(text);
    if (!line) {
        return who + std::string(text);
    }
    auto step = gateway_log_.with([&](auto& log) { return log.step_of(*line); });
    step.gateway = number;
    if (number != 0 && step.kind == StepKind::handed_over) {
        wait_for_commit(step.entry);
    }
    wecom_->note(std::move(step));
    return who + format_gateway_line(*line);
}

// One gateway may have in hand what another one has taken before that one's word of it is read. Not
// for long: what was taken before the start, or by one that was killed at once, has none.
void Simulation::wait_for_commit(std::uint64_t entry) {
    const auto known = wecom_->steps_of(entry);
    if (!known.empty() && known.back().at > base::system_clock()() - newly_taken) {
        wecom_->wait_until(
            [&] {
                return std::ranges::any_of(wecom_->steps_of(entry), [](const WireStep& step) {
                    return step.kind == StepKind::committed || step.kind == StepKind::known_already;
                });
            },
            commit_patience);
    }
}

void Simulation::start() {
    if (database_) {
        database_->start();
    }
    if (is_demo_ && history_) {  // so that a command beside the gateways works on what is theirs
        set_in_env_file(run_folder_ / ".env", state_variable, database_ ? database_->url() : "");
    }
    wecom_->start();
    run_gateways([this] { gateways_->start(); });
}

void Simulation::restart_gateway(std::size_t gateway) {
    run_gateways([&] { gateways_->start_again(gateway); });
}

void Simulation::restart_gateways() {
    if (gateways_->count() == 1) {
        restart_gateway(0);
    } else {
        run_gateways([this] { gateways_->start(); });
    }
}

void Simulation::kill_gateway(std::size_t gateway) {
    gateways_->kill(gateway);
}

Finding Simulation::check_agent(const AgentConfig& agent) const {
    ConfigSource source;
    source.file = config_file_;
    source.agent = format_agent_section(agent);
    Problems problems;
    const auto config = load_host_config(source, process_environment(), problems);
    if (!problems.errors.empty()) {
        return {Finding::Verdict::failed, config.agent.section, problems.errors.front()};
    }
    return hermes::host::check_agent(config.agent);
}

void Simulation::change_agent(const AgentConfig& agent) {
    if (!is_demo_) {
        throw std::runtime_error("the configuration is your own: put the section into " +
                                 config_file_.string() + " and restart the gateway");
    }
    const std::lock_guard lock(control_);
    const auto before = read_text_file(config_file_);
    write_private_file(config_file_, replace_agent_section(before, format_agent_section(agent)));
    try {
        ConfigSource source;
        source.file = config_file_;
        const auto setup = load_setup(source);
        if (!setup.problems.errors.empty()) {
            throw std::runtime_error(setup.problems.errors.front());
        }
    } catch (...) {
        write_private_file(config_file_, before);
        throw;
    }
    run_gateways([this] { gateways_->start_all_again(); });
}

void Simulation::stop() {
    gateways_->stop();
    wecom_->stop();
    if (database_) {
        database_->stop();
    }
}

AgentConfig Simulation::agent() const {
    return agent_.with([](const auto& agent) { return agent; });
}

// Of a file that can't be used there is nothing better than what was known before; what is wrong
// with it, the gateway will say.
AgentConfig Simulation::written_agent() const {
    ConfigSource source;
    source.file = config_file_;
    Problems problems;
    try {
        auto config = load_host_config(source, process_environment(), problems);
        return problems.errors.empty() ? std::move(config.agent) : agent();
    } catch (const std::runtime_error&) {
        return agent();
    }
}

void Simulation::tell(std::size_t gateway, const GatewayState& state) {
    if (state.phase == GatewayState::Phase::ready) {
        wecom_->note({.kind = StepKind::gateway_started,
                      .gateway = shown(gateway),
                      .summary = "process " + std::to_string(state.pid) + " is ready"});
    } else if (state.phase == GatewayState::Phase::ended) {
        wecom_->note({.kind = StepKind::gateway_ended,
                      .gateway = shown(gateway),
                      .summary = (state.was_ready ? "the gateway ended " : "") + state.how});
    }
    changed_();
}

// As people count them; 0: there is only one.
int Simulation::shown(std::size_t gateway) const noexcept {
    return gateways_->count() == 1 ? 0 : static_cast<int>(gateway) + 1;
}

}  // namespace hermes::host::simulator
