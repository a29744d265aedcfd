// What stands in front of several gateways: a TCP load balancer that gives each connection to the
// next that answers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <thread>
#include <vector>

namespace hermes::test {

class RoundRobinFront {
public:
    // Of 127.0.0.1, as are the gateways.
    explicit RoundRobinFront(std::vector<std::uint16_t> gateways);
    ~RoundRobinFront();
    RoundRobinFront(const RoundRobinFront&) = delete;
    RoundRobinFront& operator=(const RoundRobinFront&) = delete;

    std::uint16_t port() const noexcept { return port_; }

private:
    void accept();

    const std::vector<std::uint16_t> gateways_;
    std::size_t next_ = 0;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::thread thread_;
};

}  // namespace hermes::test
