#include "http/http_client.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/string.hpp>
#include <cstdint>
#include <deque>
#include <future>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "http/http_client_connection.hpp"
#include "http/http_url.hpp"
#include "http/io_thread.hpp"
#include "http/name_lookup.hpp"
#include "http/tls.hpp"

namespace hermes::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// One request on its way. Shared by the coroutine that performs it and the timer that may end it
// first: a name that is being looked up can't be interrupted, only left behind.
struct Call {
    Call(HttpClientRequest the_request, HttpClient::Handler the_handler, const IoExecutor& executor)
        : request(std::move(the_request)),
          handler(std::move(the_handler)),
          deadline(SteadyClock::now() + request.timeout),
          timer(executor) {}

    HttpClientRequest request;
    HttpClient::Handler handler;  // null once it has been called
    SteadyClock::time_point deadline;
    IoTimer timer;
    HttpUrl url;
    std::optional<HttpProxy> proxy;
    HttpProgress progress;
    HttpClientConnection* connection = nullptr;  // while it uses one
};
using CallPtr = std::shared_ptr<Call>;

struct IdleConnection {
    IdleConnection(std::unique_ptr<HttpClientConnection> the_connection, const IoExecutor& executor,
                   std::uint64_t the_serial)
        : connection(std::move(the_connection)), timer(executor), serial(the_serial) {}

    std::unique_ptr<HttpClientConnection> connection;
    IoTimer timer;
    std::uint64_t serial;
};

// The connections to one host, all of the same kind.
struct Pool {
    std::size_t busy = 0;
    std::list<IdleConnection> idle;  // the one used last is at the front
    std::deque<CallPtr> waiting;
};

std::string duration_text(std::chrono::milliseconds time) {
    const auto ms = time.count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

HttpClientReply failure(HttpOutcome outcome, std::string problem) {
    HttpClientReply reply;
    reply.outcome = outcome;
    reply.problem = std::move(problem);
    return reply;
}

HttpClientReply failure(const HttpProgress& progress, const std::string& reason) {
    auto reply = failure(progress.sent ? HttpOutcome::maybe_sent : HttpOutcome::not_sent,
                         progress.step + ": " + reason);
    reply.too_long = progress.too_long;
    return reply;
}

constexpr const char* stopped_reason = "the HTTP client has been stopped";

}  // namespace

void require_ca_file(const HttpClientOptions& options) {
    if (!options.ca_file.empty()) {
        make_tls_client_context(options.ca_file, options.ca_setting);
    }
}

class HttpClient::Impl {
public:
    explicit Impl(HttpClientOptions options)
        : options_(std::move(options)),
          tls_(make_tls_client_context(options_.ca_file, options_.ca_setting)),
          work_(context_.get_executor()),
          thread_([this] { context_.run(); }) {}

    void send(HttpClientRequest request, Handler handler);
    void stop() noexcept;

private:
    // From here on: on the client's thread.
    void begin(const CallPtr& call);
    void dispatch(const std::string& key);
    static Awaitable<void> perform(Impl& self, std::string key, CallPtr call);
    Awaitable<std::unique_ptr<HttpClientConnection>> attempt(Pool& pool, CallPtr call,
                                                             HttpClientReply& reply);
    std::unique_ptr<HttpClientConnection> take_idle(Pool& pool);
    void keep(const std::string& key, std::unique_ptr<HttpClientConnection> connection);
    void close_idle(const std::string& key, std::uint64_t serial);
    void forget_if_empty(const std::string& key);
    void time_out(const CallPtr& call);
    void finish(const CallPtr& call, HttpClientReply reply);
    void end_all();

    const HttpClientOptions options_;
    asio::io_context context_{1};
    NameLookup names_;
    asio::ssl::context tls_;
    asio::executor_work_guard<IoExecutor> work_;
    std::map<std::string, Pool> pools_;
    std::uint64_t last_serial_ = 0;
    std::set<CallPtr> calls_;  // all that have not been finished

    std::mutex stop_mutex_;
    bool stopped_ = false;  // under stop_mutex_
    std::thread thread_;
};

void HttpClient::Impl::send(HttpClientRequest request, Handler handler) {
    auto call =
        std::make_shared<Call>(std::move(request), std::move(handler), context_.get_executor());
    {
        const std::lock_guard lock(stop_mutex_);
        if (!stopped_) {
            asio::post(context_, [this, call] { begin(call); });
            return;
        }
    }
    call->handler(failure(HttpOutcome::not_sent, stopped_reason));
}

void HttpClient::Impl::begin(const CallPtr& call) {
    calls_.insert(call);
    const auto url = parse_http_url(call->request.url);
    if (!url) {
        finish(call, failure(HttpOutcome::not_sent, "the URL is not a valid http or https URL"));
        return;
    }
    call->url = *url;
    if (!call->request.proxy.empty()) {
        call->proxy = parse_http_proxy(call->request.proxy);
        if (!call->proxy) {
            finish(call, failure(HttpOutcome::not_sent,
                                 "the proxy is not of the form http://[user:password@]host:port"));
            return;
        }
    }
    const std::string key = (url->tls ? "https://" : "http://") +
                            host_and_port(url->host, url->port) + " " + call->request.proxy;
    Pool& pool = pools_[key];
    call->progress.step =
        "wait for a connection to " + host_and_port(call->url.host, call->url.port);
    if (pool.waiting.size() >= options_.waiting_max) {
        finish(call, failure(call->progress, std::to_string(options_.waiting_max) +
                                                 " requests are waiting already"));
        return;
    }
    call->timer.expires_at(call->deadline);
    call->timer.async_wait([this, call](const error_code& ec) {
        if (!ec) {
            time_out(call);
        }
    });
    pool.waiting.push_back(call);
    dispatch(key);
}

void HttpClient::Impl::dispatch(const std::string& key) {
    Pool& pool = pools_[key];
    while (pool.busy < options_.connections_per_host && !pool.waiting.empty()) {
        CallPtr call = std::move(pool.waiting.front());
        pool.waiting.pop_front();
        if (!call->handler) {
            continue;  // timed out while it waited
        }
        ++pool.busy;
        asio::co_spawn(context_, perform(*this, key, std::move(call)),
                       [](const std::exception_ptr& e) {
                           if (e) {
                               std::rethrow_exception(e);  // out of memory, or a bug
                           }
                       });
    }
    forget_if_empty(key);
}

Awaitable<void> HttpClient::Impl::perform(Impl& self, std::string key, CallPtr call) {
    Pool& pool = self.pools_[key];
    HttpClientReply reply;
    auto connection = co_await self.attempt(pool, call, reply);
    --pool.busy;
    if (connection != nullptr && connection->reusable()) {
        self.keep(key, std::move(connection));
    }
    connection.reset();
    self.finish(call, std::move(reply));
    // Not from here: a call that fails without waiting for anything still runs inside dispatch.
    asio::post(self.context_, [&self, key = std::move(key)] { self.dispatch(key); });
}

// Leaves the outcome in `reply`; returns the connection if there is one left.
Awaitable<std::unique_ptr<HttpClientConnection>> HttpClient::Impl::attempt(Pool& pool, CallPtr call,
                                                                           HttpClientReply& reply) {
    HttpProgress& progress = call->progress;
    const std::size_t bytes_max = call->request.response_bytes_max != 0
                                      ? call->request.response_bytes_max
                                      : options_.response_bytes_max;
    auto connection = take_idle(pool);
    for (;;) {
        const bool reused = connection != nullptr;
        if (!reused) {
            connection =
                std::make_unique<HttpClientConnection>(context_.get_executor(), names_, tls_);
        }
        call->connection = connection.get();
        bool done = reused || co_await connection->open(call->url, call->proxy, progress);
        if (done && call->handler) {
            done =
                co_await connection->exchange(call->request, call->url, bytes_max, progress, reply);
        }
        call->connection = nullptr;
        if (done) {
            break;
        }
        connection.reset();
        // The server may close an idle connection at the very moment at which we use it (RFC 9112
        // 9.3.1). That is no failure of the request if the request can't have had an effect.
        const bool harmless =
            !progress.sent || call->request.method == "GET" || call->request.method == "HEAD";
        if (!reused || progress.reply_begun || !harmless || !call->handler) {
            reply = failure(progress, progress.reason);
            break;
        }
        progress.sent = false;
    }
    co_return connection;
}

std::unique_ptr<HttpClientConnection> HttpClient::Impl::take_idle(Pool& pool) {
    while (!pool.idle.empty()) {
        auto connection = std::move(pool.idle.front().connection);
        pool.idle.pop_front();
        if (connection->reusable()) {
            return connection;
        }
    }
    return nullptr;
}

void HttpClient::Impl::keep(const std::string& key,
                            std::unique_ptr<HttpClientConnection> connection) {
    auto& idle = pools_[key].idle;
    const std::uint64_t serial = ++last_serial_;
    idle.emplace_front(std::move(connection), context_.get_executor(), serial);
    idle.front().timer.expires_after(options_.idle_timeout);
    // By number, since it may have been taken when this has already been queued.
    idle.front().timer.async_wait([this, key, serial](const error_code& ec) {
        if (!ec) {
            close_idle(key, serial);
        }
    });
}

void HttpClient::Impl::close_idle(const std::string& key, std::uint64_t serial) {
    const auto found = pools_.find(key);
    if (found != pools_.end()) {
        found->second.idle.remove_if(
            [serial](const IdleConnection& idle) { return idle.serial == serial; });
        forget_if_empty(key);
    }
}

void HttpClient::Impl::forget_if_empty(const std::string& key) {
    const auto found = pools_.find(key);
    if (found != pools_.end() && found->second.busy == 0 && found->second.idle.empty() &&
        found->second.waiting.empty()) {
        pools_.erase(found);
    }
}

void HttpClient::Impl::time_out(const CallPtr& call) {
    if (call->handler) {
        finish(call,
               failure(call->progress, "timed out after " + duration_text(call->request.timeout)));
    }
    if (call->connection != nullptr) {
        call->connection->abort();
    }
}

void HttpClient::Impl::finish(const CallPtr& call, HttpClientReply reply) {
    call->timer.cancel();
    calls_.erase(call);
    if (auto handler = std::exchange(call->handler, nullptr)) {
        handler(std::move(reply));
    }
}

void HttpClient::Impl::end_all() {
    for (auto& [key, pool] : pools_) {
        pool.idle.clear();
        pool.waiting.clear();
    }
    for (const CallPtr& call : std::set<CallPtr>(calls_)) {
        finish(call, failure(call->progress, stopped_reason));
        if (call->connection != nullptr) {
            call->connection->abort();
        }
    }
    names_.stop();
    work_.reset();
}

void HttpClient::Impl::stop() noexcept {
    {
        const std::lock_guard lock(stop_mutex_);
        if (!std::exchange(stopped_, true)) {
            asio::post(context_, [this] { end_all(); });
        }
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::string_view HttpClientReply::header(std::string_view name) const noexcept {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& field) {
        return boost::beast::iequals(field.first, name);
    });
    return found == headers.end() ? std::string_view() : found->second;
}

HttpClient::HttpClient(HttpClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

HttpClient::~HttpClient() {
    stop();
}

void HttpClient::send(HttpClientRequest request, Handler handler) {
    impl_->send(std::move(request), std::move(handler));
}

HttpClientReply HttpClient::fetch(HttpClientRequest request) {
    // Shared: the client's thread may not be quite done with it when the caller has its reply.
    const auto promise = std::make_shared<std::promise<HttpClientReply>>();
    auto reply = promise->get_future();
    send(std::move(request),
         [promise](HttpClientReply received) { promise->set_value(std::move(received)); });
    return reply.get();
}

void HttpClient::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::http
