#include "simulator/gateways/gateways.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hermes::host::simulator {

namespace {

constexpr std::chrono::seconds ready_patience{30};
constexpr std::chrono::seconds end_patience{10};

using Phase = GatewayState::Phase;

std::string at_origin(const std::string& url, const std::string& origin) {
    const auto authority = url.find("://");
    if (origin.empty() || authority == url.npos) {
        return url;
    }
    const auto path = url.find('/', authority + 3);
    return origin + (path == url.npos ? "" : url.substr(path));
}

}  // namespace

Gateways::Gateways(GatewaysOptions options) : options_(std::move(options)) {
    for (std::size_t gateway = 0; gateway < options_.places.size(); ++gateway) {
        all_.push_back(std::make_unique<One>());
        all_.back()->place.with([&](auto& place) { place = options_.places[gateway]; });
        all_.back()->process = make_process(gateway);
    }
}

Gateways::~Gateways() {
    stop();
}

std::unique_ptr<GatewayProcess> Gateways::make_process(std::size_t gateway) {
    const auto& place = options_.places[gateway];
    GatewayProcessOptions process;
    process.command = options_.command;
    process.command.insert(process.command.end(), place.arguments.begin(), place.arguments.end());
    process.log_file = options_.log_file;
    process.on_line = [this, gateway](std::string_view line) {
        return options_.on_line(gateway, line);
    };
    process.ended = [this, gateway](const std::string& how) {
        tell(gateway, {.how = how});
        options_.ended(gateway, how);
    };
    process.environment = [this, gateway] {
        auto variables = options_.environment();
        for (const auto& [name, value] : place_of(gateway).variables) {
            variables[name] = value;
        }
        return variable_lines(variables);
    };
    return std::make_unique<GatewayProcess>(std::move(process));
}

Gateways::One& Gateways::one(std::size_t gateway) const {
    if (gateway >= all_.size()) {
        throw std::runtime_error("there is no gateway " + std::to_string(gateway + 1));
    }
    return *all_[gateway];
}

GatewayPlace Gateways::place_of(std::size_t gateway) const {
    return one(gateway).place.with([](const auto& place) { return place; });
}

bool Gateways::find_place(std::size_t gateway, std::string_view failure) {
    auto found = place_of(gateway);
    const bool is_another = options_.find_place(gateway, found, failure);
    one(gateway).place.with([&](auto& place) { place = std::move(found); });
    return is_another;
}

void Gateways::start() {
    const std::lock_guard lock(control_);
    for (std::size_t gateway = 0; gateway < all_.size(); ++gateway) {
        if (!all_[gateway]->process->running()) {
            run(gateway);
        }
    }
}

void Gateways::start_again(std::size_t gateway) {
    const std::lock_guard lock(control_);
    one(gateway).process->stop(end_patience);
    run(gateway);
}

void Gateways::start_all_again() {
    for (std::size_t gateway = 0; gateway < all_.size(); ++gateway) {
        start_again(gateway);
    }
}

void Gateways::kill(std::size_t gateway) {
    const std::lock_guard lock(control_);
    one(gateway).process->kill();
    tell(gateway, {.how = "by kill -9", .on_purpose = true});
}

void Gateways::stop() noexcept {
    const std::lock_guard lock(control_);
    for (const auto& each : all_) {
        each->process->stop(end_patience);
    }
}

void Gateways::run(std::size_t gateway) {
    find_place(gateway);
    try {
        run_once(gateway);
    } catch (const std::runtime_error& failure) {
        if (!find_place(gateway, failure.what())) {
            throw;
        }
        run_once(gateway);
    }
}

void Gateways::run_once(std::size_t gateway) {
    auto& started = one(gateway);
    tell(gateway, {.phase = Phase::starting});
    try {
        started.process->start(ready_patience);
    } catch (const std::exception& problem) {
        tell(gateway, {.how = problem.what(), .was_ready = false});
        throw;
    }
    const GatewayState ready{.phase = Phase::ready, .pid = started.process->pid()};
    const bool is_ready = started.state.with([&](auto& current) {
        if (current.phase == Phase::starting) {  // else it has ended meanwhile
            current = ready;
        }
        return current.phase == Phase::ready;
    });
    if (is_ready) {
        options_.changed(gateway, ready);
    }
}

void Gateways::tell(std::size_t gateway, GatewayState state) {
    all_[gateway]->state.with([&](auto& current) { current = state; });
    options_.changed(gateway, state);
}

GatewayState Gateways::state(std::size_t gateway) const {
    return one(gateway).state.with([](const auto& state) { return state; });
}

GatewayState Gateways::state() const {
    auto together = state(0);
    for (std::size_t gateway = 1; gateway < all_.size(); ++gateway) {
        const auto other = state(gateway);
        const bool is_better = other.phase == Phase::ready || together.phase == Phase::ended;
        if (together.phase != Phase::ready && is_better) {
            together = other;
        }
    }
    return together;
}

void Gateways::catch_up() {
    for (const auto& each : all_) {
        each->process->catch_up();
    }
}

Gateways::Door Gateways::next_door(const std::string& url) {
    const auto first = next_++;
    for (std::size_t n = 0; n < all_.size(); ++n) {
        const auto gateway = (first + n) % all_.size();
        if (state(gateway).phase == Phase::ready) {
            return {at_origin(url, place_of(gateway).origin), gateway};
        }
    }
    const auto gateway = first % all_.size();  // it refuses, which is what there is to see
    return {at_origin(url, place_of(gateway).origin), gateway};
}

Environment Gateways::variables_of_ready() const {
    for (std::size_t gateway = 0; gateway < all_.size(); ++gateway) {
        if (state(gateway).phase == Phase::ready) {
            return place_of(gateway).variables;
        }
    }
    return place_of(0).variables;
}

}  // namespace hermes::host::simulator
