#include "integration/durable/half_open_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace hermes::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void close_one(int& descriptor) {
    if (descriptor >= 0) {
        ::close(descriptor);
        descriptor = -1;
    }
}

}  // namespace

HalfOpenProxy::HalfOpenProxy(std::uint16_t server_port) : server_port_(server_port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

HalfOpenProxy::~HalfOpenProxy() {
    ending_ = true;
    thread_.join();
    close_one(listener_);
    for (auto& pair : pairs_) {
        close_one(pair.client);
        close_one(pair.server);
    }
}

void HalfOpenProxy::forget_clients() {
    const std::lock_guard lock(mutex_);
    for (auto& pair : pairs_) {
        close_one(pair.client);
        pair.fate = Fate::forgotten;
    }
}

void HalfOpenProxy::freeze() {
    const std::lock_guard lock(mutex_);
    for (auto& pair : pairs_) {
        pair.fate = Fate::frozen;
    }
}

void HalfOpenProxy::run() {
    while (!ending_) {
        std::vector<pollfd> ready{{listener_, POLLIN, 0}};
        {
            const std::lock_guard lock(mutex_);
            for (const auto& pair : pairs_) {
                const bool passes = pair.fate == Fate::passes;
                ready.push_back({passes ? pair.client : -1, POLLIN, 0});
                ready.push_back({passes ? pair.server : -1, POLLIN, 0});
            }
        }
        ::poll(ready.data(), ready.size(), 20);
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; 2 * i + 2 < ready.size(); ++i) {
            auto& pair = pairs_[i];
            if (pair.fate != Fate::passes) {
                continue;
            }
            if ((ready[2 * i + 1].revents != 0 && !pass(pair.client, pair.server)) ||
                (ready[2 * i + 2].revents != 0 && !pass(pair.server, pair.client))) {
                close_one(pair.client);
                close_one(pair.server);
            }
        }
        if (ready[0].revents != 0) {
            take_new(server_port_);
        }
    }
}

void HalfOpenProxy::take_new(std::uint16_t server_port) {
    Pair pair;
    pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port);
    if (::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close_one(pair.client);
        close_one(pair.server);
    }
    pairs_.push_back(pair);
}

bool HalfOpenProxy::pass(int from, int to) {
    char bytes[65'536];
    const auto size = ::recv(from, bytes, sizeof bytes, 0);
    for (ssize_t sent = 0; sent < size;) {
        const auto more =
            ::send(to, bytes + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
        if (more <= 0) {
            return false;
        }
        sent += more;
    }
    return size > 0;
}

}  // namespace hermes::test
