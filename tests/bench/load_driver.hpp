// Sends prepared HTTP requests over keep-alive connections and measures how they are answered.
//
// Much cheaper than any server: the bytes are ready, one epoll a thread, and of a response it reads
// the status and the length. It counts its own processor time, so that a report can tell what the
// server took.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hermes::bench {

struct LoadPlan {
    std::uint16_t port = 0;  // on 127.0.0.1
    std::size_t connections = 64;
    std::size_t threads = 1;
    std::size_t requests = 100'000;
    // The bytes of request number i, 0 <= i < requests. Called from the driver's threads, for each
    // number once; what it returns must live until the run has ended. Cheap, or it is measured too.
    std::function<const std::string&(std::size_t i)> request;
};

struct LoadResult {
    std::size_t answered = 0;  // with status 200
    std::size_t refused = 0;   // with another status
    std::size_t lost = 0;      // connection closed before the answer
    std::chrono::duration<double> elapsed{};
    std::chrono::duration<double> driver_cpu{};   // of the driver's threads
    std::chrono::duration<double> process_cpu{};  // of the whole process meanwhile
    std::vector<std::uint32_t> latencies_us;      // sorted

    double per_second() const;
    std::uint32_t latency_us(double quantile) const;  // 0.5 is the median
    // Processor time that was not the driver's, for each request: the server's, if it runs in this
    // process.
    double server_cpu_us() const;
};

// Throws std::runtime_error if nobody listens.
LoadResult drive(const LoadPlan& plan);

}  // namespace hermes::bench
