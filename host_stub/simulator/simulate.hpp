// `hermes-host-stub simulate`: WeCom on loopback, a real gateway as a child process, and a person
// at the chat page or at the terminal who writes as a member of an app.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hermes::host {

struct SimulateOptions {
    std::uint16_t port = 8650;    // of the chat page; 0: any free one
    std::uint16_t api_port = 0;   // of the simulated WeCom's API; 0: any free one
    std::string config{};         // a gateway's; empty: the one in run_directory, made if absent
    std::string run_directory{};  // demo configuration, state and log; empty: in the user's state
    std::string plugins_directory{};  // for the demo configuration; empty: beside the executable
    std::string executable{};         // the gateway's program; empty: this one
    std::string play{};               // a scenario's file; empty: a person is at the page
    std::size_t gateways = 1;         // more share a PostgreSQL of the simulation's

    // Of a scenario (play.hpp). The gateway's database, and then any free port too: whatever else
    // runs with the configuration is left alone. Empty: it goes on with what it had.
    std::string fresh_state{};
    // Members that the app's corp gets if it does not have them.
    struct Guest {
        std::string app;
        std::string user_id;
    };
    std::vector<Guest> guests{};
};

// Until `:quit`, the end of stdin, SIGINT or SIGTERM; an exit status (exit_code.hpp). Blocks
// SIGINT and SIGTERM for the calling thread and those it starts: to be called before there are
// other threads. Throws UsageError and std::runtime_error with one line.
int run_simulate(const SimulateOptions& options);

}  // namespace hermes::host
