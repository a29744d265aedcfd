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
#include <vector>

#include "base/guarded.hpp"
#include "config/host_config.hpp"
#include "simulator/gateway_log.hpp"
#include "simulator/gateway_process.hpp"
#include "simulator/simulate.hpp"
#include "simulator/wecom.hpp"

namespace hermes::host::simulator {

struct GatewayState {
    enum class Phase { starting, ready, ended };

    Phase phase = Phase::ended;
    pid_t pid = 0;
    std::string how{};        // it ended: "with exit status 1"
    bool on_purpose = false;  // it was killed by us
};

class Simulation {
public:
    // Makes the demo configuration if there is none, and reads what there is. `gateway_ended` as
    // GatewayProcessOptions::ended. Throws UsageError and std::runtime_error with one line.
    Simulation(const SimulateOptions& options,
               std::function<void(const std::string& how)> gateway_ended);
    ~Simulation();

    // Starts both. Throws std::runtime_error with one line.
    void start();
    // The gateway gets time to stop in order.
    void stop();

    // These wait, and throw std::runtime_error with one line.  [any]
    void restart_gateway();  // also after its end
    void kill_gateway();     // kill -9
    // Writes it into the demo configuration and starts the gateway anew. Not where the
    // configuration is somebody's own; what can't work is refused and leaves all as it was.
    void change_agent(AgentConfig agent);

    GatewayState gateway_state() const;  // [any]
    AgentConfig agent() const;           // [any]
    bool agent_can_change() const noexcept { return is_demo_; }
    // Called when gateway_state() or agent() has changed; must not block nor change them. Before
    // start.
    void observe(std::function<void()> changed) { changed_ = std::move(changed); }

    WecomSimulator& wecom() noexcept { return *wecom_; }
    const std::filesystem::path& config_file() const noexcept { return config_file_; }
    const std::filesystem::path& log_file() const noexcept { return log_file_; }
    const std::filesystem::path& run_folder() const noexcept { return run_folder_; }

private:
    void make_demo(const SimulateOptions& options);
    void read_world(const SimulateOptions& options);
    void prepare_gateway(const SimulateOptions& options,
                         std::function<void(const std::string& how)> gateway_ended);
    std::vector<std::string> gateway_environment() const;
    std::string take_line(std::string_view line);
    void start_gateway();
    void tell_ready();
    void tell_ended(GatewayState state);

    const bool is_demo_;
    std::filesystem::path run_folder_;
    std::filesystem::path config_file_;
    std::filesystem::path log_file_;
    std::vector<std::string> gateway_variables_;  // KEY=VALUE that the gateway gets on top
    std::function<void()> changed_ = [] {};
    base::Guarded<GatewayState> state_;
    base::Guarded<AgentConfig> agent_;
    std::unique_ptr<WecomSimulator> wecom_;
    GatewayLog gateway_log_;  // on the thread of the gateway process
    std::mutex control_;      // one change of the gateway at a time
    std::unique_ptr<GatewayProcess> gateway_;
};

}  // namespace hermes::host::simulator
