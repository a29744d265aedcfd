#include "simulator/wecom/relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "simulator/wecom/relay_connection.hpp"

namespace hermes::host::simulator {

namespace {

using base::UniqueFd;

constexpr int backlog = 512;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void set_no_delay(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

UniqueFd listen_on(std::uint16_t port) {
    UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.get(), backlog) != 0) {
        const auto reason = std::generic_category().message(errno);
        throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port) + ": " +
                                 reason);
    }
    return listener;
}

std::uint16_t port_of(const UniqueFd& listener) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
}

UniqueFd connect_to(std::uint16_t port) {
    UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = loopback(port);
    if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return {};
    }
    set_no_delay(server.get());
    return server;
}

void reset(int fd) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

short events(bool in, bool out) {
    return static_cast<short>((in ? POLLIN : 0) | (out ? POLLOUT : 0));
}

}  // namespace

class Relay::Impl {
public:
    Impl(std::uint16_t port, DropUnread drop_unread)
        : port_(port),
          drop_unread_(std::move(drop_unread)),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

    void start(std::uint16_t server_port) {
        server_port_ = server_port;
        listener_ = listen_on(port_);
        port_ = port_of(listener_);
        thread_ = std::thread([this] { run(); });
    }

    std::uint16_t port() const noexcept { return port_; }

    void go_down() {
        command([this] {
            listener_.reset();
            connections_.clear();
        });
    }

    void come_up() {
        command([this] {
            if (!listener_) {
                listener_ = listen_on(port_);
            }
        });
    }

    void stop() noexcept {
        command([this] { stopping_ = true; });
        if (thread_.joinable()) {
            thread_.join();
        }
        listener_.reset();
        connections_.clear();
    }

private:
    using Connections = std::list<RelayConnection>;

    // Runs on the relay's thread; returns, or throws, what it does. Nothing if that doesn't run.
    void command(std::function<void()> action) {
        if (!thread_.joinable()) {
            return;
        }
        std::packaged_task<void()> task(std::move(action));
        auto done = task.get_future();
        {
            const std::lock_guard lock(mutex_);
            commands_.push_back(std::move(task));
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
        done.get();
    }

    void run() {
        while (!stopping_) {
            std::vector<pollfd> polled{{.fd = wake_.get(), .events = POLLIN, .revents = 0},
                                       {.fd = listener_.get(), .events = POLLIN, .revents = 0}};
            for (const auto& connection : connections_) {
                polled.push_back(
                    {.fd = connection.client(),
                     .events = events(connection.wants_from_client(), connection.wants_to_client()),
                     .revents = 0});
                polled.push_back(
                    {.fd = connection.server(),
                     .events = events(connection.wants_from_server(), connection.wants_to_server()),
                     .revents = 0});
            }
            ::poll(polled.data(), polled.size(), -1);
            serve_connections(polled);
            if (polled[1].revents != 0) {
                accept_waiting();
            }
            if (polled[0].revents != 0) {
                run_commands();
            }
        }
    }

    void serve_connections(const std::vector<pollfd>& polled) {
        std::size_t index = 2;
        for (auto at = connections_.begin(); at != connections_.end(); index += 2) {
            const auto progress = serve(*at, polled[index].revents, polled[index + 1].revents);
            if (progress == Progress::reset) {
                reset(at->client());
            }
            at = progress == Progress::waiting ? std::next(at) : connections_.erase(at);
        }
    }

    Progress serve(RelayConnection& connection, short client, short server) {
        constexpr short readable = POLLIN | POLLHUP | POLLERR;
        auto progress = Progress::waiting;
        if ((client & readable) != 0) {
            if (connection.between_requests() && (client & POLLIN) != 0 && has_bytes(connection) &&
                drop_unread_()) {
                return Progress::reset;
            }
            progress = connection.read_client();
        }
        if (progress == Progress::waiting && (server & readable) != 0) {
            progress = connection.read_server();
        }
        if (progress == Progress::waiting && (client & POLLOUT) != 0) {
            progress = connection.write_client();
        }
        if (progress == Progress::waiting && (server & POLLOUT) != 0) {
            progress = connection.write_server();
        }
        return progress;
    }

    static bool has_bytes(const RelayConnection& connection) {
        char byte = 0;
        return ::recv(connection.client(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
    }

    void accept_waiting() {
        while (true) {
            UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!client) {
                return;
            }
            set_no_delay(client.get());
            auto server = connect_to(server_port_);
            if (server) {
                connections_.emplace_back(std::move(client), std::move(server));
            }
        }
    }

    void run_commands() {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto read = ::read(wake_.get(), &count, sizeof count);
        std::vector<std::packaged_task<void()>> commands;
        {
            const std::lock_guard lock(mutex_);
            commands.swap(commands_);
        }
        for (auto& task : commands) {
            task();
        }
    }

    std::uint16_t port_;
    std::uint16_t server_port_ = 0;
    DropUnread drop_unread_;
    UniqueFd wake_;

    // Of the relay's thread.
    UniqueFd listener_;
    Connections connections_;
    bool stopping_ = false;

    std::mutex mutex_;
    std::vector<std::packaged_task<void()>> commands_;
    std::thread thread_;
};

Relay::Relay(std::uint16_t port, DropUnread drop_unread)
    : impl_(std::make_unique<Impl>(port, std::move(drop_unread))) {}

Relay::~Relay() {
    stop();
}

void Relay::start(std::uint16_t server_port) {
    impl_->start(server_port);
}

std::uint16_t Relay::port() const noexcept {
    return impl_->port();
}

void Relay::go_down() {
    impl_->go_down();
}

void Relay::come_up() {
    impl_->come_up();
}

void Relay::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::host::simulator
