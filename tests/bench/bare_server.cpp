#include "bare_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

namespace hermes::bench {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

using Token = asio::as_tuple_t<asio::use_awaitable_t<>>;
using Stream = typename beast::tcp_stream::rebind_executor<
    Token::executor_with_default<asio::any_io_executor>>::other;

void ended(const std::exception_ptr&) {}

asio::awaitable<void> serve(Stream stream, const std::string& answer,
                            std::chrono::milliseconds delay) {
    beast::flat_buffer buffer;
    for (;;) {
        stream.expires_after(std::chrono::seconds(30));
        http::request<http::string_body> request;
        const auto [read_ec, read] = co_await http::async_read(stream, buffer, request);
        if (read_ec) {
            co_return;
        }
        if (delay.count() > 0) {
            asio::steady_timer timer(stream.get_executor(), delay);
            co_await timer.async_wait(Token());
        }
        http::response<http::string_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, "text/plain");
        response.keep_alive(request.keep_alive());
        response.body() = answer;
        response.prepare_payload();
        const auto [write_ec, written] = co_await http::async_write(stream, response);
        if (write_ec || !response.keep_alive()) {
            co_return;
        }
    }
}

}  // namespace

class BareServer::Impl {
public:
    Impl(std::size_t threads, std::string answer, std::chrono::milliseconds delay)
        : answer_(std::move(answer)),
          delay_(delay),
          context_(static_cast<int>(threads)),
          acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          uses_strands_(threads > 1) {
        asio::co_spawn(context_, accept(*this), ended);
        for (std::size_t i = 0; i < threads; ++i) {
            threads_.emplace_back([this] { context_.run(); });
        }
    }

    ~Impl() {
        context_.stop();
        for (auto& thread : threads_) {
            thread.join();
        }
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    static asio::awaitable<void> accept(Impl& self) {
        for (;;) {
            asio::any_io_executor executor = self.context_.get_executor();
            if (self.uses_strands_) {
                executor = asio::make_strand(self.context_);
            }
            auto [ec, socket] = co_await self.acceptor_.async_accept(executor, Token());
            if (ec) {
                co_return;
            }
            socket.set_option(tcp::no_delay(true));
            asio::co_spawn(executor, serve(Stream(std::move(socket)), self.answer_, self.delay_),
                           ended);
        }
    }

    const std::string answer_;
    const std::chrono::milliseconds delay_;
    asio::io_context context_;
    tcp::acceptor acceptor_;
    const bool uses_strands_;
    std::vector<std::thread> threads_;
};

BareServer::BareServer(std::size_t threads, std::string answer, std::chrono::milliseconds delay)
    : impl_(std::make_unique<Impl>(threads, std::move(answer), delay)) {}

BareServer::~BareServer() = default;

std::uint16_t BareServer::port() const noexcept {
    return impl_->port();
}

}  // namespace hermes::bench
