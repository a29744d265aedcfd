// A service manager's end of sd_notify(3).
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/unique_fd.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

class NotifySocket {
public:
    explicit NotifySocket(const std::filesystem::path& file)
        : address_(file.string()), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        if (address_.size() >= sizeof(name.sun_path)) {
            throw std::runtime_error("too long a path for a socket: " + address_);
        }
        std::copy(address_.begin(), address_.end(), std::begin(name.sun_path));
        const auto length =
            static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
        if (address_.starts_with('@')) {
            name.sun_path[0] = '\0';
        }
        if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&name), length) != 0) {
            throw std::runtime_error("cannot bind " + address_);
        }
    }

    const std::string& address() const noexcept { return address_; }

    // What is told next; "nothing" if nothing is in time.
    std::string told(std::chrono::milliseconds wait = patience) const {
        pollfd readable{socket_.get(), POLLIN, 0};
        if (::poll(&readable, 1, static_cast<int>(wait.count())) <= 0) {
            return "nothing";
        }
        std::array<char, 4096> bytes{};
        const auto count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        return {bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

private:
    std::string address_;
    base::UniqueFd socket_;
};

}  // namespace hermes::test
