// An HTTP/1.1 server with limits on everything: the only place that accepts connections.
//
// Threads: the handler runs on the server's threads, several at a time, and must not block; it may
// answer later, from any thread, through its Responder. A connection stays on one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hermes::http {

// Valid until the handler returns. Header names compare without regard to case.
class HttpRequest {
public:
    virtual std::string_view method() const noexcept = 0;
    virtual std::string_view target() const noexcept = 0;  // as sent: path and query
    virtual std::string_view body() const noexcept = 0;
    virtual std::string_view header(std::string_view name) const noexcept = 0;  // empty if absent
    virtual const std::string& remote_address() const noexcept = 0;             // the peer's IP
    // When its first byte came; of the first one over TLS, when the handshake began.
    virtual std::chrono::steady_clock::time_point begun() const noexcept = 0;

protected:
    ~HttpRequest() = default;
};

struct HttpResponse {
    unsigned status = 200;
    std::string body;
    std::string content_type = "text/plain; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers{};
};

// Answers one request, once, from any thread, also after the server has stopped (then it does
// nothing). Destroyed unused, it answers 500: a forgotten request must not hang.
class Responder {
public:
    class Channel {
    public:
        virtual void respond(HttpResponse response) noexcept = 0;
        virtual ~Channel() = default;
    };

    // Shared: the connection's coroutine and this object both outlive each other at times.
    explicit Responder(std::shared_ptr<Channel> channel) noexcept : channel_(std::move(channel)) {}
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&&) = delete;
    ~Responder() {
        if (channel_) {
            channel_->respond({.status = 500, .body = "internal error\n"});
        }
    }

    void operator()(HttpResponse response) noexcept {
        if (auto channel = std::exchange(channel_, nullptr)) {
            channel->respond(std::move(response));
        }
    }

private:
    std::shared_ptr<Channel> channel_;
};

struct HttpServerOptions {
    std::string host = "127.0.0.1";  // a literal address; `::` also takes IPv4
    std::uint16_t port = 0;          // 0: any free port
    std::size_t threads = 1;
    // Never more than the process has descriptors for. Beyond it the connection that has been idle
    // longest makes room for a new one; while none is idle, new ones wait in the kernel's backlog.
    std::size_t connections_max = 10'000;
    std::size_t header_bytes_max = std::size_t{16} * 1024;
    std::size_t body_bytes_max = std::size_t{1024} * 1024;
    // For a new connection's first byte, for a whole header, and for a whole body.
    std::chrono::milliseconds read_timeout{10'000};
    std::chrono::milliseconds idle_timeout{60'000};   // between requests of one connection
    std::chrono::milliseconds write_timeout{30'000};  // for a whole response to be taken
    // For the handler; then the request is answered 503, and what the handler says is dropped.
    std::chrono::milliseconds answer_timeout{0};  // 0: as long as it takes
    std::string tls_certificate;                  // PEM chain file; empty: plain HTTP
    std::string tls_private_key;
};

// Throws what start() would of the certificate and its key.
void require_tls_files(const HttpServerOptions& options);

class HttpServer {
public:
    using Handler = std::function<void(const HttpRequest& request, Responder respond)>;

    HttpServer(HttpServerOptions options, Handler handler);
    ~HttpServer();  // stops without waiting for answers
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Listens and starts the threads. Throws std::runtime_error with a sentence that names the
    // address ("cannot listen on 127.0.0.1:8645: address already in use").
    void start();

    // Reads the certificate and its key anew, or others: connections that come from now on get
    // them. Throws std::runtime_error with a sentence, and goes on with those that it has; not for
    // a server that began without TLS.  [any, after start]
    void renew_tls(const std::string& certificate, const std::string& private_key);

    // The port that is listened on; valid after start.
    std::uint16_t port() const noexcept;

    // Lets go of `held` on each of its threads, once that has come round. Between start and stop.
    // [any]
    void pass_round(const std::shared_ptr<void>& held);

    // Closes the listener, answers the requests that have been read, closes every connection at
    // `deadline` at the latest, and joins the threads. May be called twice.
    void stop(std::chrono::steady_clock::time_point deadline) noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::http
