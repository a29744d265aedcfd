// What gateways that share one PostgreSQL cost, each and together: callbacks by 64 connections, to
// 1, 2 and 4 of them in turn, and by 64 to each; all in this process; beside them one with SQLite,
// and two that share nothing but the machine. The server is a private one that does not sync, so
// that processor time is what counts.
//
//     cluster_bench [folder [callbacks-a-round-and-64-connections]]
//     cluster_bench folder callbacks state...        (one round of a gateway for each state)
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway_rig.hpp"
#include "instructions.hpp"
#include "support/postgres_server.hpp"

namespace {

using namespace hermes::bench;
using hermes::test::PostgresServer;

constexpr int rounds = 5;
constexpr std::size_t connections = 64;  // as many as keep one gateway's commits full

struct Figures {
    std::vector<double> per_second, gateway_us, postgres_us, instructions;
};

void run_round(const std::vector<std::unique_ptr<Gateway>>& gateways, std::size_t callbacks,
               std::size_t connections_each, pid_t server, Figures* figures) {
    const auto share = callbacks / gateways.size();
    const auto postgres = cpu_us_of_children(server);
    const auto before = cost_so_far();
    const auto start = std::chrono::steady_clock::now();
    std::vector<LoadResult> results(gateways.size());
    std::vector<std::thread> drivers;
    for (std::size_t n = 0; n < gateways.size(); ++n) {
        drivers.emplace_back([&, n] {
            results[n] = run_callbacks(gateways[n]->host.port, connections_each, share);
        });
    }
    for (auto& driver : drivers) {
        driver.join();
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const auto cost = cost_so_far() - before;
    if (figures == nullptr) {
        return;
    }
    const auto count = static_cast<double>(share * gateways.size());
    double driver_us = 0;
    for (const auto& result : results) {
        driver_us += result.driver_cpu.count() * 1e6;
    }
    figures->per_second.push_back(count / elapsed.count());
    figures->gateway_us.push_back((cost.cpu_us - driver_us) / count);
    figures->postgres_us.push_back((cpu_us_of_children(server) - postgres) / count);
    figures->instructions.push_back(cost.instructions / count);
}

using States = std::vector<std::string>;  // a gateway for each

std::vector<std::unique_ptr<Gateway>> start(const std::filesystem::path& folder,
                                            const States& states) {
    std::vector<std::unique_ptr<Gateway>> gateways;
    for (const auto& state : states) {
        gateways.push_back(std::make_unique<Gateway>(
            fresh(folder / std::to_string(gateways.size())), "",
            std::function<void(hermes::MessageEvent)>(), hermes::wecom::AdapterOverrides(), state));
    }
    return gateways;
}

// Callbacks are made before they are sent, and that is no part of what is measured: it is the same
// for all.
void measure(const char* name, const std::filesystem::path& folder, const States& states,
             std::size_t callbacks, std::size_t connections_each, pid_t server) {
    const auto gateways = start(folder, states);
    Figures figures;
    for (int round = 0; round <= rounds; ++round) {
        run_round(gateways, callbacks, connections_each, server, round == 0 ? nullptr : &figures);
    }
    std::printf(
        "%-20s %2zu connections each: %6.0f callbacks/s; a callback: %5.1f us in the "
        "gateways and the making of it, %5.1f us in PostgreSQL",
        name, connections_each, median(figures.per_second), median(figures.gateway_us),
        median(figures.postgres_us));
    if (median(figures.instructions) > 0) {
        std::printf(", %.0f k instructions in this process", median(figures.instructions) / 1e3);
    }
    std::printf("\n");
    std::fflush(stdout);
}

// In a process of its own, for which the databases are made here.
double instructions_of(PostgresServer& server, const std::filesystem::path& folder,
                       std::size_t count, std::size_t databases) {
    constexpr std::size_t callbacks = 1'000;
    return instructions_each(
               [&](std::size_t number) {
                   std::vector<std::string> arguments{folder.string(),
                                                      std::to_string(number * count)};
                   States made;
                   for (std::size_t n = 0; n < databases; ++n) {
                       made.push_back(server.create_database());
                   }
                   for (std::size_t n = 0; n < count; ++n) {
                       arguments.push_back(made[n % databases]);
                   }
                   return arguments;
               },
               callbacks) /
           static_cast<double>(count);
}

void measure_instructions(PostgresServer& server, const std::filesystem::path& folder) {
    std::printf(
        "instructions of a callback in the gateways and the making of it, outside of the "
        "kernel, counted by valgrind:\n");
    const auto one = instructions_of(server, folder, 1, 1);
    if (one == 0) {
        std::printf("  not counted: this needs valgrind\n");
        return;
    }
    const auto apart = instructions_of(server, folder, 2, 2);
    const auto two = instructions_of(server, folder, 2, 1);
    std::printf(
        "  one gateway %.1f k; two, each with a database of its own, %.1f k; two with one "
        "database %.1f k\n",
        one / 1e3, apart / 1e3, two / 1e3);
}

void measure_all(const std::filesystem::path& folder, std::size_t callbacks) {
    measure("SQLite, one", folder / "sqlite", {""}, callbacks, connections, 0);
    auto& server = PostgresServer::instance();
    measure("PostgreSQL, one", folder / "one", {server.create_database()}, callbacks, connections,
            server.pid());
    // What the same two processes' worth of work costs on this machine where nothing is shared.
    measure("two, sharing nothing", folder / "apart",
            {server.create_database(), server.create_database()}, 2 * callbacks, connections,
            server.pid());
    // A load that gateways share, and one that grows with them.
    for (const std::size_t count : {2U, 4U}) {
        for (const auto each : {connections / count, connections}) {
            measure(count == 2 ? "PostgreSQL, two" : "PostgreSQL, four",
                    folder / (std::to_string(count) + "-" + std::to_string(each)),
                    States(count, server.create_database()),
                    callbacks * (each == connections ? count : 1), each, server.pid());
        }
    }
    if (cost_so_far().instructions == 0) {
        measure_instructions(server, folder / "counted");
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/cluster_bench";
    const auto callbacks = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 8'000;
    if (argc > 3) {
        run_round(start(folder, States(argv + 3, argv + argc)), callbacks, connections, 0, nullptr);
    } else {
        measure_all(folder, callbacks);
    }
    std::filesystem::remove_all(folder);
}
