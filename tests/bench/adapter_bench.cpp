// How much of a bare Beast server's speed is left when every request is a distinct encrypted
// callback that is verified, decrypted, committed and only then answered; and what a backlog costs.
//
//     adapter_bench [folder on the disk to measure [requests-a-round]]
//
// The host never settles anything, as with an agent that takes minutes: the backlog only grows.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "bare_server.hpp"
#include "gateway_rig.hpp"

namespace {

using namespace hermes::bench;

constexpr std::size_t backlog = 100'000;
constexpr int rounds = 5;

double resident_megabytes() {
    std::ifstream statm("/proc/self/statm");
    double size = 0;
    double resident = 0;
    statm >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

void compare(const char* name, const std::filesystem::path& folder, std::size_t connections,
             std::size_t count) {
    fresh(folder);
    const BareServer bare(1);
    const Gateway gateway(folder);
    std::vector<double> bare_rate, rate, ratio, bare_p50, p50;
    for (int round = 0; round <= rounds; ++round) {
        const auto reference = run_callbacks(bare.port(), connections, count);
        const auto measured = run_callbacks(gateway.host.port, connections, count);
        if (round > 0) {  // the first one warms up
            bare_rate.push_back(reference.per_second());
            rate.push_back(measured.per_second());
            ratio.push_back(measured.per_second() / reference.per_second());
            bare_p50.push_back(reference.latency_us(0.5));
            p50.push_back(measured.latency_us(0.5));
        }
    }
    std::printf(
        "%-24s %4zu connection(s): bare %7.0f/s, adapter %7.0f/s, ratio %.2f "
        "(%.2f to %.2f); p50 bare %.0f us, adapter %.0f us\n",
        name, connections, median(bare_rate), median(rate), median(ratio),
        *std::min_element(ratio.begin(), ratio.end()),
        *std::max_element(ratio.begin(), ratio.end()), median(bare_p50), median(p50));
}

void measure_backlog(const std::filesystem::path& folder, std::size_t count) {
    fresh(folder);
    {
        const Gateway gateway(folder);
        run_callbacks(gateway.host.port, 64, count);
        std::vector<double> empty;
        for (int round = 0; round < rounds; ++round) {
            empty.push_back(run_callbacks(gateway.host.port, 64, count).per_second());
        }
        const auto before = resident_megabytes();
        run_callbacks(gateway.host.port, 64, backlog);
        std::vector<double> full;
        for (int round = 0; round < rounds; ++round) {
            full.push_back(run_callbacks(gateway.host.port, 64, count).per_second());
        }
        std::printf(
            "backlog of %zu: %.0f/s with a small one, %.0f/s with it, ratio %.2f; memory "
            "%+.0f MB (with the driver's own)\n",
            backlog, median(empty), median(full), median(full) / median(empty),
            resident_megabytes() - before);
    }
    const Gateway again(folder);
    std::printf("restart with that backlog: listening after %.0f ms\n", again.started_in.count());
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path disk = argc > 1 ? argv[1] : "/var/tmp/adapter_bench";
    const std::filesystem::path memory = "/dev/shm/adapter_bench";
    const auto count = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 20'000;
    std::printf(
        "%d rounds of %zu distinct callbacks, one server thread each, the driver in the same "
        "process; the candidates take turns; medians, also of each pair's ratio\n",
        rounds, count);
    compare("state in memory (tmpfs)", memory, 64, count);
    compare("state on disk", disk, 64, count);
    compare("state on disk", disk, 1, count / 10);
    measure_backlog(disk, count);
    std::filesystem::remove_all(disk);
    std::filesystem::remove_all(memory);
}
