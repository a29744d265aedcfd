#include "http/http_server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <condition_variable>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/close_on_exec.hpp"
#include "base/error_text.hpp"
#include "base/guarded.hpp"
#include "http/http_connection.hpp"
#include "http/http_worker.hpp"
#include "http/tls.hpp"

namespace hermes::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Left for files, the database, connections to others and children.
constexpr std::size_t descriptors_kept = 256;
// How often another idle connection is closed while there is no room for a new one.
constexpr std::chrono::milliseconds room_pause{20};
// After accept has failed for want of descriptors or memory: some may have been given back.
constexpr std::chrono::milliseconds accept_pause{100};

// Counts open connections. All functions are [any].
class ConnectionCount {
public:
    explicit ConnectionCount(std::size_t max) : max_(max) {}

    // `on_room` is called when there is room again after `full`.
    void on_room(std::function<void()> on_room) { on_room_ = std::move(on_room); }

    std::shared_ptr<void> enter() {
        const std::lock_guard lock(mutex_);
        ++open_;
        return {static_cast<void*>(this), [this](void*) { leave(); }};
    }
    bool full() {
        const std::lock_guard lock(mutex_);
        return open_ >= max_;
    }
    void wait_until_none(SteadyClock::time_point deadline) {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, deadline, [this] { return open_ == 0; });
    }

private:
    void leave() {
        bool was_full = false;
        {
            const std::lock_guard lock(mutex_);
            was_full = open_-- == max_;
            changed_.notify_all();
        }
        if (was_full) {
            on_room_();
        }
    }

    const std::size_t max_;
    std::function<void()> on_room_ = [] {};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t open_ = 0;
};

std::size_t affordable_connections(std::size_t wanted) {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
        wanted =
            std::min(wanted, descriptors > 2 * descriptors_kept ? descriptors - descriptors_kept
                                                                : descriptors / 2);
    }
    return std::max<std::size_t>(wanted, 1);
}

std::string remedy_of(const error_code& ec) {
    if (ec == asio::error::address_in_use) {
        return " (another gateway? change `port`)";
    }
    if (ec == asio::error::access_denied) {
        return " (ports below 1024 need privileges: change `port`)";
    }
    if (ec == boost::system::errc::address_not_available) {
        return " (this machine has no such address: change `host`)";
    }
    return "";
}

[[noreturn]] void cannot_listen(const HttpServerOptions& options, const std::string& reason) {
    const bool is_v6 = options.host.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + options.host + "]" : options.host;
    throw std::runtime_error("cannot listen on " + host + ":" + std::to_string(options.port) +
                             ": " + reason);
}

void require(const HttpServerOptions& options, const error_code& ec) {
    if (ec) {
        cannot_listen(options, base::error_text(ec) + remedy_of(ec));
    }
}

}  // namespace

void require_tls_files(const HttpServerOptions& options) {
    if (!options.tls_certificate.empty() || !options.tls_private_key.empty()) {
        make_tls_server_context(options.tls_certificate, options.tls_private_key);
    }
}

class HttpServer::Impl {
public:
    Impl(HttpServerOptions options, Handler handler)
        : options_(std::move(options)),
          handler_(std::move(handler)),
          count_(affordable_connections(options_.connections_max)) {
        options_.threads = std::max<std::size_t>(options_.threads, 1);
    }

    void start();
    void renew_tls(const std::string& certificate, const std::string& private_key);
    void stop(SteadyClock::time_point deadline) noexcept;
    std::uint16_t port() const noexcept { return port_; }
    void pass_round(const std::shared_ptr<void>& held) {
        for (const auto& worker : workers_) {
            asio::post(worker->context, [held] {});
        }
    }

private:
    struct Listener {
        explicit Listener(const IoExecutor& executor) : acceptor(executor), pause(executor) {}
        asio::basic_socket_acceptor<tcp, IoExecutor> acceptor;
        IoTimer pause;
    };

    void listen();
    void run_threads();
    void discard() noexcept;
    static Awaitable<void> accept(Impl& self);
    Awaitable<void> make_room();
    void take_in(HttpWorker& worker, ServerSocket socket) noexcept;

    HttpServerOptions options_;
    const Handler handler_;
    ConnectionCount count_;  // outlives the connections
    // Null: plain HTTP. A connection that has begun keeps what it needs of it.
    base::Guarded<std::shared_ptr<asio::ssl::context>> tls_;
    std::vector<std::unique_ptr<HttpWorker>> workers_;
    std::optional<Listener> listener_;  // belongs to the first worker's thread once it runs
    std::vector<std::thread> threads_;
    std::uint16_t port_ = 0;
};

void HttpServer::Impl::start() {
    if (!workers_.empty()) {
        throw std::runtime_error("the HTTP server is running already");
    }
    if (!options_.tls_certificate.empty() || !options_.tls_private_key.empty()) {
        renew_tls(options_.tls_certificate, options_.tls_private_key);
    }
    for (std::size_t i = 0; i < options_.threads; ++i) {
        workers_.push_back(std::make_unique<HttpWorker>(options_, handler_));
    }
    try {
        listen();
        run_threads();
    } catch (const std::exception&) {
        stop(SteadyClock::now());
        discard();
        throw;
    }
}

void HttpServer::Impl::renew_tls(const std::string& certificate, const std::string& private_key) {
    auto renewed =
        std::make_shared<asio::ssl::context>(make_tls_server_context(certificate, private_key));
    tls_.with([&](auto& tls) { tls.swap(renewed); });
}

void HttpServer::Impl::run_threads() {
    HttpWorker& first = *workers_.front();
    count_.on_room(
        [this, &first] { asio::post(first.context, [this] { listener_->pause.cancel(); }); });
    asio::co_spawn(first.context, accept(*this), [](const std::exception_ptr& e) {
        if (e) {
            std::rethrow_exception(e);  // out of memory: better begin anew than be deaf
        }
    });
    for (const auto& worker : workers_) {
        threads_.emplace_back([&worker = *worker] { worker.run(); });
    }
}

void HttpServer::Impl::listen() {
    error_code ec;
    const auto address = asio::ip::make_address(options_.host, ec);
    if (ec) {
        cannot_listen(options_, "`host` is not an IP address (127.0.0.1, 0.0.0.0, :: or another)");
    }
    const tcp::endpoint endpoint(address, options_.port);
    auto& acceptor = listener_.emplace(workers_.front()->context.get_executor()).acceptor;
    acceptor.open(endpoint.protocol(), ec);
    require(options_, ec);
    base::close_on_exec(acceptor.native_handle());
    acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (address.is_v6()) {
        acceptor.set_option(asio::ip::v6_only(false), ec);
    }
    acceptor.bind(endpoint, ec);
    require(options_, ec);
    acceptor.listen(tcp::acceptor::max_listen_connections, ec);
    require(options_, ec);
    port_ = acceptor.local_endpoint().port();
}

Awaitable<void> HttpServer::Impl::accept(Impl& self) {
    auto& acceptor = self.listener_->acceptor;
    for (std::size_t next = 0; acceptor.is_open(); next = (next + 1) % self.workers_.size()) {
        HttpWorker& worker = *self.workers_[next];
        auto [ec, socket] =
            co_await acceptor.async_accept(worker.context.get_executor(), IoToken());
        if (!ec) {
            co_await self.make_room();
            self.take_in(worker, std::move(socket));
        } else if (ec != asio::error::operation_aborted && ec != asio::error::connection_aborted) {
            self.listener_->pause.expires_after(accept_pause);
            co_await self.listener_->pause.async_wait(IoToken());
        }
    }
}

void HttpServer::Impl::take_in(HttpWorker& worker, ServerSocket socket) noexcept {
    try {
        const auto tls = tls_.with([](const auto& now) { return now; });
        start_connection(worker, std::move(socket), tls.get(), count_.enter());
    } catch (const std::exception&) {
        // Out of memory: this connection is closed, and the next one is waited for.
    }
}

// For a connection that has been accepted.
Awaitable<void> HttpServer::Impl::make_room() {
    // on_room posts to this thread, so it can't come between the question and the wait.
    while (count_.full() && listener_->acceptor.is_open()) {
        for (const auto& worker : workers_) {
            asio::post(worker->context, [&worker = *worker] { worker.close_longest_idle(); });
        }
        listener_->pause.expires_after(room_pause);
        co_await listener_->pause.async_wait(IoToken());
    }
}

void HttpServer::Impl::stop(SteadyClock::time_point deadline) noexcept {
    if (threads_.empty()) {
        return;
    }
    // First: by the time that a caller is refused, an answer is the last of its connection.
    for (const auto& worker : workers_) {
        asio::post(worker->context, [&worker = *worker] { worker.begin_stop(); });
    }
    asio::post(workers_.front()->context, [this] {
        error_code ignored;
        listener_->acceptor.close(ignored);
        listener_->pause.cancel();
    });
    count_.wait_until_none(deadline);
    for (const auto& worker : workers_) {
        asio::post(worker->context, [&worker = *worker] { worker.abort_all(); });
        worker->finish();
    }
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
    discard();
}

void HttpServer::Impl::discard() noexcept {
    count_.on_room([] {});  // there is nobody left to be told
    listener_.reset();
    workers_.clear();
}

HttpServer::HttpServer(HttpServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() {
    stop(SteadyClock::now());
}

void HttpServer::start() {
    impl_->start();
}

void HttpServer::renew_tls(const std::string& certificate, const std::string& private_key) {
    impl_->renew_tls(certificate, private_key);
}

std::uint16_t HttpServer::port() const noexcept {
    return impl_->port();
}

void HttpServer::pass_round(const std::shared_ptr<void>& held) {
    impl_->pass_round(held);
}

void HttpServer::stop(SteadyClock::time_point deadline) noexcept {
    impl_->stop(deadline);
}

}  // namespace hermes::http
