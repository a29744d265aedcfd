#include "durable/database/reads.hpp"

#include <chrono>
#include <future>

namespace hermes::durable {
namespace {

// So long a stop waits for a read; then it gives up the connection.
constexpr std::chrono::seconds read_stop_patience{1};

}  // namespace

void Reads::stop() noexcept {
    reader_.stop();
    const auto idle = thread_.reached();
    while (idle.wait_for(read_stop_patience) == std::future_status::timeout) {
        reader_.interrupt();  // it may wait for a server that has gone
    }
}

}  // namespace hermes::durable
