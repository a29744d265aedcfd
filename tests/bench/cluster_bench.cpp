// What gateways that share one PostgreSQL cost, each and together: callbacks by 64 connections, to
// 1, 2 and 4 of them in turn, and by 64 to each; all in this process; beside them one with SQLite.
// The server is a private one that does not sync, so that processor time is what counts.
//
//     cluster_bench [folder [callbacks-a-round-and-64-connections]]
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "gateway_rig.hpp"
#include "support/postgres_server.hpp"

namespace {

using namespace hermes::bench;
using hermes::test::PostgresServer;

constexpr int rounds = 5;
constexpr std::size_t connections = 64;  // as many as keep one gateway's commits full

// Of the server's processes that there are now.
double postgres_cpu_us(pid_t server) {
    double ticks = 0;
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
        std::ifstream stat(process.path() / "stat");
        std::string line;
        if (!std::getline(stat, line) || line.rfind(')') == std::string::npos) {
            continue;
        }
        std::istringstream fields(line.substr(line.rfind(')') + 2));
        std::string state;
        pid_t parent = 0;
        fields >> state >> parent;
        if (parent != server) {
            continue;
        }
        std::string skipped;
        for (int field = 0; field < 9; ++field) {  // up to cmajflt (proc(5))
            fields >> skipped;
        }
        double user = 0, system = 0;
        fields >> user >> system;
        ticks += user + system;
    }
    return ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct Figures {
    std::vector<double> per_second, gateway_us, postgres_us, instructions;
};

void run_round(const std::vector<std::unique_ptr<Gateway>>& gateways, std::size_t callbacks,
               std::size_t connections_each, pid_t server, Figures* figures) {
    const auto share = callbacks / gateways.size();
    const auto postgres = server == 0 ? 0 : postgres_cpu_us(server);
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
    figures->postgres_us.push_back(server == 0 ? 0 : (postgres_cpu_us(server) - postgres) / count);
    figures->instructions.push_back(cost.instructions / count);
}

// Callbacks are made before they are sent, and that is no part of what is measured: it is the same
// for all.
void measure(const char* name, std::size_t count, const std::filesystem::path& folder,
             const std::string& state, std::size_t callbacks, std::size_t connections_each,
             pid_t server) {
    std::vector<std::unique_ptr<Gateway>> gateways;
    for (std::size_t n = 0; n < count; ++n) {
        const auto own = folder / (std::string(name) + std::to_string(n));
        std::filesystem::create_directories(own);
        gateways.push_back(std::make_unique<Gateway>(own, "",
                                                     std::function<void(hermes::MessageEvent)>(),
                                                     hermes::wecom::AdapterOverrides(), state));
    }
    Figures figures;
    for (int round = 0; round <= rounds; ++round) {
        run_round(gateways, callbacks, connections_each, server, round == 0 ? nullptr : &figures);
    }
    std::printf(
        "%-10s %zu gateway(s), %2zu connections each: %6.0f callbacks/s; a callback: %5.1f us in "
        "the gateways and the making of it, %5.1f us in PostgreSQL",
        name, count, connections_each, median(figures.per_second), median(figures.gateway_us),
        median(figures.postgres_us));
    if (median(figures.instructions) > 0) {
        std::printf(", %.0f k instructions in this process", median(figures.instructions) / 1e3);
    }
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/cluster_bench";
    const auto callbacks = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 8'000;
    std::filesystem::remove_all(folder);
    measure("SQLite", 1, folder, "", callbacks, connections, 0);
    auto* server = PostgresServer::instance();
    if (server == nullptr) {
        std::printf("PostgreSQL is not installed\n");
        return 0;
    }
    // A load that gateways share, and one that grows with them.
    for (const std::size_t count : {1U, 2U, 4U}) {
        for (const auto each : std::set{connections / count, connections}) {
            measure("PostgreSQL", count,
                    folder / (std::to_string(count) + "-" + std::to_string(each)),
                    server->create_database(), callbacks * (each == connections ? count : 1), each,
                    server->pid());
        }
    }
    std::filesystem::remove_all(folder);
}
