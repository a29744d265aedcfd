// The gateways of a simulation, each a child process: one, or several on one database, with the
// simulator in the place of the load balancer before them.
//
// Threads: they may be killed and started again from any thread; these calls wait for each other.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.hpp"
#include "config/environment.hpp"
#include "simulator/gateways/gateway_process.hpp"

namespace hermes::host::simulator {

struct GatewayState {
    enum class Phase { starting, ready, ended };

    Phase phase = Phase::ended;
    pid_t pid = 0;
    std::string how{};        // it ended: "with exit status 1"
    bool on_purpose = false;  // it was killed by us
    bool was_ready = true;    // else `how` is a sentence: why it did not start
};

// What one has for itself.
struct GatewayPlace {
    std::string origin{};                  // "http://127.0.0.1:8645"; empty: as callback URLs say
    Environment variables{};               // on top of what all get
    std::vector<std::string> arguments{};  // likewise
};

// None is left out.
struct GatewaysOptions {
    std::vector<std::string> command{};          // of all: the program's path first
    std::function<Environment()> environment{};  // of all; asked at each start
    std::filesystem::path log_file{};            // of all: gets their stdout and stderr, appended
    std::vector<GatewayPlace> places{};          // at least one
    // Before each start, and after one that failed with why it did: a port that was free may be
    // somebody else's by now. May give the place another one, and tells whether it did. On the
    // thread of the start.
    std::function<bool(std::size_t gateway, GatewayPlace& place, std::string_view failure)>
        find_place{};
    // As of GatewayProcessOptions, for one at a time.
    std::function<std::string(std::size_t gateway, std::string_view line)> on_line{};
    // Its state has become another; on any thread, must not change them.
    std::function<void(std::size_t gateway, const GatewayState& state)> changed{};
    // It ended without having been told to.
    std::function<void(std::size_t gateway, const std::string& how)> ended{};
};

class Gateways {
public:
    explicit Gateways(GatewaysOptions options);
    ~Gateways();  // as stop()
    Gateways(const Gateways&) = delete;
    Gateways& operator=(const Gateways&) = delete;

    std::size_t count() const noexcept { return all_.size(); }

    // These wait. To start, or to name one that there is not, throws std::runtime_error with one
    // line.  [any]
    void start();  // those that do not run
    void start_again(std::size_t gateway);
    void start_all_again();
    void kill(std::size_t gateway);  // kill -9
    void stop() noexcept;            // in order, with time for each

    GatewayState state(std::size_t gateway) const;  // [any]
    // Of them together: ready as long as one is.  [any]
    GatewayState state() const;
    // Returns once on_line has had all that they have written so far.  [any but that of on_line]
    void catch_up();

    struct Door {
        std::string url;
        std::size_t gateway = 0;
    };
    // Which of them takes the next request for that URL: in turn, those that are ready.  [any]
    Door next_door(const std::string& url);
    // What leads a command to one that is ready; if none is, to the first.  [any]
    Environment variables_of_ready() const;

private:
    struct One {
        base::Guarded<GatewayState> state{};
        base::Guarded<GatewayPlace> place{};
        std::unique_ptr<GatewayProcess> process{};
    };

    std::unique_ptr<GatewayProcess> make_process(std::size_t gateway);
    One& one(std::size_t gateway) const;
    GatewayPlace place_of(std::size_t gateway) const;
    bool find_place(std::size_t gateway, std::string_view failure = {});
    void run(std::size_t gateway);
    void run_once(std::size_t gateway);
    void tell(std::size_t gateway, GatewayState state);

    const GatewaysOptions options_;
    std::vector<std::unique_ptr<One>> all_;
    std::atomic<std::size_t> next_{0};
    std::mutex control_;  // one change of them at a time
};

}  // namespace hermes::host::simulator
