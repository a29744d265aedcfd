// Where the gateways of a simulation are, and what becomes of that when a port is taken.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "loader/plugin_loader.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "simulator/gateways/run_folder.hpp"
#include "simulator/simulation.hpp"
#include "simulator/world_settings.hpp"

namespace hermes::host::simulator {

namespace {

constexpr const char* platform = "wecom_callback";
constexpr const char* port_variable = "WECOM_CALLBACK_PORT";

void give_any_port(GatewayPlace& place) {
    const auto port = std::to_string(any_free_port());
    place.origin = "http://127.0.0.1:" + port;
    place.variables[port_variable] = port;
}

// Of one that was given a port.
std::uint16_t port_of(const GatewayPlace& place) {
    return static_cast<std::uint16_t>(std::stoi(place.variables.at(port_variable)));
}

}  // namespace

PlatformSettings Simulation::settings_of(const Setup& setup) {
    for (const auto& configured : setup.platforms) {
        if (configured.plugin->name() == platform) {
            return configured.settings;
        }
    }
    throw UsageError(setup.config.file.string() + ": platforms." + platform + " is not enabled");
}

// The first is where the configuration says, each other one at a port and with a folder of its own.
std::vector<GatewayPlace> Simulation::places(std::size_t count) {
    std::vector<GatewayPlace> places(std::max<std::size_t>(count, 1));
    places[0].arguments = data_arguments();
    for (std::size_t gateway = 1; gateway < places.size(); ++gateway) {
        const auto folder = run_folder_ / ("gateway-" + std::to_string(gateway + 1));
        places[gateway].arguments = {"--data-dir", folder.string()};
        give_any_port(places[gateway]);
    }
    return places;
}

std::vector<std::string> Simulation::data_arguments() const {
    return own_data_.empty() ? std::vector<std::string>()
                             : std::vector<std::string>{"--data-dir", own_data_.string()};
}

void Simulation::run_gateways(const std::function<void()>& start) {
    auto written = written_agent();
    agent_.with([&](auto& agent) { agent = std::move(written); });
    start();
}

void Simulation::take_any_port(GatewayAddress& address) {
    address.port = any_free_port();
    set_variable(port_variable, std::to_string(address.port));
}

void Simulation::set_variable(const std::string& name, const std::string& value) {
    gateway_variables_.with([&](auto& ours) { ours[name] = value; });
}

// With the port that we gave it instead of the configuration's.
GatewayAddress Simulation::address_of(const PlatformSettings& settings) const {
    auto address = gateway_address(settings);
    gateway_variables_.with([&](const auto& ours) {
        if (const auto port = ours.find(port_variable); port != ours.end()) {
            address.port = static_cast<std::uint16_t>(std::stoi(port->second));
        }
    });
    return address;
}

void Simulation::send_callbacks_to(const PlatformSettings& settings,
                                   const GatewayAddress& address) {
    for (const auto& app : world_of_settings(settings, address).apps) {
        if (wecom_->world().find_app(app.name) != nullptr) {
            wecom_->set_callback_url(app.name, app.callback_url);
        }
    }
}

// Somebody may have changed the address in the configuration, or taken a port that nobody but us
// cares about: another simulation that began together with this one, or while a gateway was down.
// What is wrong with the configuration, the gateway will say.
bool Simulation::find_place(std::size_t gateway, GatewayPlace& place, std::string_view failure) {
    ConfigSource source;
    source.file = config_file_;
    try {
        const auto setup = load_setup(source);
        if (!setup.problems.errors.empty()) {
            return false;
        }
        const auto settings = settings_of(setup);
        auto address = address_of(settings);
        const bool is_first = gateway == 0;
        const auto port = is_first ? address.port : port_of(place);
        const bool moves = (is_demo_ || !is_first) &&
                           (port_is_taken(address.host, port) || names_port(failure, port));
        if (moves && is_first) {
            take_any_port(address);
        } else if (moves) {
            give_any_port(place);
        }
        send_callbacks_to(settings, address);
        return moves;
    } catch (const std::runtime_error&) {
        return false;
    }
}

}  // namespace hermes::host::simulator
