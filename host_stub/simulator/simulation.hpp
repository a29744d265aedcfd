// A simulated WeCom and a real gateway that is connected to it.
//
// Threads: the gateway may be killed, restarted and given another agent from any thread; these
// calls wait for each other. The rest is for the thread that made the object.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "config/host_config.hpp"
#include "hermes/ext/doctor.hpp"
#include "simulator/gateways/gateway_log.hpp"
#include "simulator/gateways/gateways.hpp"
#include "simulator/gateways/local_postgresql.hpp"
#include "simulator/history.hpp"
#include "simulator/operator_desk.hpp"
#include "simulator/simulate.hpp"
#include "simulator/wecom/wecom.hpp"
#include "simulator/world_settings.hpp"

namespace hermes::host {
struct Setup;
}

namespace hermes::host::simulator {

class Simulation {
public:
    // As GatewayProcessOptions::ended. `gateway`: as in WireStep.
    using GatewayEnded = std::function<void(int gateway, const std::string& how)>;

    // Makes the demo configuration if there is none, and reads what there is. Throws UsageError and
    // std::runtime_error with one line.
    Simulation(const SimulateOptions& options, GatewayEnded gateway_ended);
    ~Simulation();

    // Starts all of them. Throws std::runtime_error with one line.
    void start();
    // The gateway gets time to stop in order.
    void stop();

    // These wait, and throw std::runtime_error with one line.  [any]
    void restart_gateway(std::size_t gateway = 0);  // also after its end
    void restart_gateways();                        // the only one; of several those that ended
    void kill_gateway(std::size_t gateway = 0);     // kill -9
    // Whether that one could be expected to answer, with what is in `.env` now.
    Finding check_agent(const AgentConfig& agent) const;
    // Writes it into the demo configuration and starts the gateway anew. Not where the
    // configuration is somebody's own; what can't work is refused and leaves all as it was.
    void change_agent(const AgentConfig& agent);

    // The program itself with another command, as somebody gives it beside the gateway: of its
    // configuration, with its variables. Waits.  [any]
    base::ChildResult run_program(const OperatorDesk::Request& request,
                                  const std::stop_token& stop) const;

    std::size_t gateways() const noexcept { return gateways_->count(); }
    GatewayState gateway_state(std::size_t gateway) const { return gateways_->state(gateway); }
    // Of all together.
    GatewayState gateway_state() const { return gateways_->state(); }
    AgentConfig agent() const;          // that a gateway was last started with  [any]
    AgentConfig written_agent() const;  // as the configuration has it by now  [any]
    bool agent_can_change() const noexcept { return is_demo_; }
    // Called when gateway_state() or agent() has changed; must not block nor change them. Before
    // start.
    void observe(std::function<void()> changed) { changed_ = std::move(changed); }

    WecomSimulator& wecom() noexcept { return *wecom_; }
    const std::filesystem::path& config_file() const noexcept { return config_file_; }
    const std::filesystem::path& log_file() const noexcept { return log_file_; }
    const std::filesystem::path& run_folder() const noexcept { return run_folder_; }
    // What the gateway and its plugins say, in English and in Chinese
    // (hermes/ext/translations.hpp).
    const std::vector<std::pair<std::string, std::string>>& chinese() const noexcept {
        return chinese_;
    }

private:
    void make_demo(const SimulateOptions& options);
    void keep_apart(const SimulateOptions& options);
    void read_world(const SimulateOptions& options);
    void go_on_from_history();
    void prepare_gateways(const SimulateOptions& options, GatewayEnded gateway_ended);
    Environment gateway_environment() const;
    std::string take_line(std::size_t gateway, std::string_view line);
    void wait_for_commit(std::uint64_t entry);
    void tell(std::size_t gateway, const GatewayState& state);
    int shown(std::size_t gateway) const noexcept;

    // Where they are (simulation_address.cpp).
    static PlatformSettings settings_of(const Setup& setup);
    std::vector<GatewayPlace> places(std::size_t count);
    std::vector<std::string> data_arguments() const;  // of the first gateway
    bool find_place(std::size_t gateway, GatewayPlace& place, std::string_view failure);
    void run_gateways(const std::function<void()>& start);
    void take_any_port(GatewayAddress& address);
    void set_variable(const std::string& name, const std::string& value);
    GatewayAddress address_of(const PlatformSettings& settings) const;
    void send_callbacks_to(const PlatformSettings& settings, const GatewayAddress& address);

    const bool is_demo_;
    std::filesystem::path executable_;
    std::filesystem::path run_folder_;
    std::filesystem::path config_file_;
    std::filesystem::path log_file_;
    std::filesystem::path own_data_;  // of the first gateway; empty: where the configuration says
    base::Guarded<Environment> gateway_variables_;  // what every gateway gets on top
    std::vector<std::pair<std::string, std::string>> chinese_;
    std::function<void()> changed_ = [] {};
    base::Guarded<AgentConfig> agent_;
    std::unique_ptr<History> history_;  // none of a scenario's; hears of the next one's happenings
    std::unique_ptr<WecomSimulator> wecom_;
    base::Guarded<GatewayLog> gateway_log_;
    std::mutex control_;                         // one change of the agent at a time
    std::unique_ptr<LocalPostgresql> database_;  // of several gateways, if nobody named one
    std::unique_ptr<Gateways> gateways_;
};

}  // namespace hermes::host::simulator
