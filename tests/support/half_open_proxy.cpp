#include "support/half_open_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
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

HalfOpenProxy::HalfOpenProxy(const std::string& url) : url_(url) {
    const auto begin = url.rfind(':') + 1;
    const auto length = url.rfind('/') - begin;
    server_port_ = static_cast<std::uint16_t>(std::stoi(url.substr(begin, length)));
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    url_.replace(begin, length, std::to_string(ntohs(address.sin_port)));
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

void HalfOpenProxy::silence() {
    freeze();
    const std::lock_guard lock(mutex_);
    is_silent_ = true;
}

void HalfOpenProxy::resume() {
    const std::lock_guard lock(mutex_);
    is_silent_ = false;
    for (auto& pair : pairs_) {
        if (pair.fate == Fate::frozen) {
            close_one(pair.client);
            close_one(pair.server);
        }
    }
}

void HalfOpenProxy::freeze_at(std::string words) {
    const std::lock_guard lock(mutex_);
    last_words_ = std::move(words);
}

std::size_t HalfOpenProxy::frozen() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(pairs_, Fate::frozen, &Pair::fate));
}

bool HalfOpenProxy::is_frozen_by(int from) const {
    if (last_words_.empty()) {
        return false;
    }
    std::string bytes(65'536, '\0');
    const auto size = ::recv(from, bytes.data(), bytes.size(), MSG_PEEK);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes.find(last_words_) != bytes.npos;
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
            if (ready[2 * i + 1].revents != 0 && is_frozen_by(pair.client)) {
                pair.fate = Fate::frozen;
                continue;
            }
            if ((ready[2 * i + 1].revents != 0 && !pass(pair.client, pair.server)) ||
                (ready[2 * i + 2].revents != 0 && !pass(pair.server, pair.client))) {
                close_one(pair.client);
                close_one(pair.server);
            }
        }
        if (ready[0].revents != 0) {
            take_new();
        }
    }
}

void HalfOpenProxy::take_new() {
    Pair pair;
    pair.fate = is_silent_ ? Fate::frozen : Fate::passes;
    pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
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
