// A simulated WeCom and a real gateway that is connected to it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "simulator/gateway_process.hpp"
#include "simulator/simulate.hpp"
#include "simulator/wecom.hpp"

namespace hermes::host::simulator {

class Simulation {
public:
    // Makes the demo configuration if there is none, and reads what there is. `gateway_ended` as
    // GatewayProcessOptions::ended. Throws UsageError and std::runtime_error with one line.
    Simulation(const SimulateOptions& options,
               std::function<void(const std::string& how)> gateway_ended);
    ~Simulation();

    // Starts both. Throws std::runtime_error with one line.
    void start();
    void restart_gateway();  // also after its end
    // The gateway gets time to stop in order.
    void stop();

    WecomSimulator& wecom() noexcept { return *wecom_; }
    GatewayProcess& gateway() noexcept { return *gateway_; }
    const std::filesystem::path& config_file() const noexcept { return config_file_; }
    const std::filesystem::path& log_file() const noexcept { return log_file_; }

private:
    void make_demo(const SimulateOptions& options);
    void read_world(const SimulateOptions& options);
    void prepare_gateway(const SimulateOptions& options,
                         std::function<void(const std::string& how)> gateway_ended);

    std::filesystem::path run_folder_;
    std::filesystem::path config_file_;
    std::filesystem::path log_file_;
    std::vector<std::string> gateway_variables_;  // KEY=VALUE that the gateway gets on top
    std::unique_ptr<WecomSimulator> wecom_;
    std::unique_ptr<GatewayProcess> gateway_;
};

}  // namespace hermes::host::simulator
