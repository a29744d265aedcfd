#include "support/round_robin_front.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <utility>

namespace hermes::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint local(std::uint16_t port) {
    return {asio::ip::address_v4::loopback(), port};
}

// A client and its gateway. What one says the other hears, until either ends.
class Pair : public std::enable_shared_from_this<Pair> {
public:
    Pair(tcp::socket client, asio::io_context& io) : client_(std::move(client)), server_(io) {}

    void connect(const std::vector<std::uint16_t>& gateways, std::size_t first, std::size_t tried) {
        if (tried == gateways.size()) {
            return;  // nobody answers
        }
        server_.async_connect(
            local(gateways[(first + tried) % gateways.size()]),
            [this, self = shared_from_this(), &gateways, first, tried](const error_code& error) {
                if (error) {
                    error_code ignored;
                    server_.close(ignored);
                    connect(gateways, first, tried + 1);
                    return;
                }
                pass(client_, server_, upward_);
                pass(server_, client_, downward_);
            });
    }

private:
    using Buffer = std::array<char, 16 * 1024>;

    void pass(tcp::socket& from, tcp::socket& to, Buffer& buffer) {
        from.async_read_some(
            asio::buffer(buffer), [this, self = shared_from_this(), &from, &to, &buffer](
                                      const error_code& error, std::size_t size) {
                if (error) {
                    close();
                    return;
                }
                asio::async_write(
                    to, asio::buffer(buffer, size),
                    [this, self, &from, &to, &buffer](const error_code& failed, std::size_t) {
                        if (failed) {
                            close();
                        } else {
                            pass(from, to, buffer);
                        }
                    });
            });
    }
    void close() {
        error_code ignored;
        client_.close(ignored);
        server_.close(ignored);
    }

    tcp::socket client_, server_;
    Buffer upward_{}, downward_{};
};

}  // namespace

RoundRobinFront::RoundRobinFront(std::vector<std::uint16_t> gateways)
    : gateways_(std::move(gateways)),
      acceptor_(io_, local(0)),
      port_(acceptor_.local_endpoint().port()) {
    accept();
    thread_ = std::thread([this] { io_.run(); });
}

RoundRobinFront::~RoundRobinFront() {
    io_.stop();
    thread_.join();
}

void RoundRobinFront::accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket client) {
        if (!error) {
            std::make_shared<Pair>(std::move(client), io_)->connect(gateways_, next_++, 0);
        }
        accept();
    });
}

}  // namespace hermes::test
