#include "support/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <random>
#include <stdexcept>

#include "base/unique_fd.hpp"

namespace hermes::test {

namespace {

// Below those that Linux gives to whoever connects or asks for any: a test beside this one does so
// all the time.
constexpr int first_port = 16384;
constexpr int last_port = 32767;
constexpr int attempts_max = 1000;

bool is_free(std::uint16_t port) {
    const base::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

std::uint16_t free_port() {
    thread_local std::mt19937 random{std::random_device()()};
    std::uniform_int_distribution<int> ports(first_port, last_port);
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        const auto port = static_cast<std::uint16_t>(ports(random));
        if (is_free(port)) {
            return port;
        }
    }
    throw std::runtime_error("no free port");
}

}  // namespace hermes::test
