// An HTTPS/1.1 client with a pool of keep-alive connections per host: the only place that connects.
//
// Certificates and host names are verified against the system's CA store, always. Every step
// (resolve, connect, TLS, write, read) shares the request's timeout. Redirects are not followed.
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

#include "base/move_only_function.hpp"
#include "base/result.hpp"

namespace hermes::http {

struct HttpClientOptions {
    std::size_t connections_per_host = 8;  // further requests to that host wait their turn
    std::size_t waiting_max = 10'000;      // beyond it a request fails at once as not_sent
    std::size_t response_bytes_max = std::size_t{32} * 1024 * 1024;
    std::chrono::milliseconds idle_timeout{30'000};  // an unused connection is closed after it
    std::string ca_file;  // PEM file to trust beside the system's store; empty: only that store
    std::string ca_setting =
        "ca_file";  // what the operator calls it: for the sentence if it is bad
};

// Throws what the client's constructor would of `ca_file`.
void require_ca_file(const HttpClientOptions& options);

// What the receiver of a piece of a reply's body says to it.
enum class HttpBodyNext { go_on, give_up };

// Takes a reply's body in pieces of at most http_piece_bytes_max, so that a file is never in memory
// as a whole. Called on the client's thread and must not block: it calls `next` once, at once or
// later, on any thread, and gets no other piece before that. Until then the request's time runs.
using HttpBodySink =
    std::function<void(std::string piece, base::MoveOnlyFunction<void(HttpBodyNext)> next)>;
inline constexpr std::size_t http_piece_bytes_max = std::size_t{64} * 1024;

// Makes a request's body in pieces, likewise. Called on the client's thread and must not block: it
// calls `next` once, at once or later, on any thread, with at least a byte, or with why there is
// nothing, which ends the request. It is asked for no other piece before that, and for none after
// the last.
using HttpBodySource =
    std::function<void(base::MoveOnlyFunction<void(base::Result<std::string>)> next)>;

struct HttpClientRequest {
    std::string method = "GET";
    std::string url;    // http:// or https://, absolute
    std::string proxy;  // http://[user:password@]host:port for CONNECT; empty: direct
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    // If there is one, it makes so many bytes, which is the body.
    HttpBodySource source{};
    std::uint64_t source_bytes = 0;
    std::chrono::milliseconds timeout{20'000};
    std::size_t response_bytes_max = 0;  // of the body; 0: the client's
    // If there is one, HttpClientReply::body stays empty, whatever the status is. No piece comes
    // after the handler has been called; what the sink was given before a failure it forgets.
    HttpBodySink sink{};
};

// Whether the other side may have seen the request: what a retry has to know.
enum class HttpOutcome {
    replied,     // a whole reply is here; if it is an error, perhaps to the request's beginning
    not_sent,    // failed before the first byte of the request was written
    maybe_sent,  // failed after that
};

struct HttpClientReply {
    HttpOutcome outcome = HttpOutcome::not_sent;
    unsigned status = 0;  // HTTP status if replied
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body;
    // If not replied: which step failed and why, with host and port, without path, query or
    // credentials: "connect to 127.0.0.1:9: connection refused".
    std::string problem;
    bool too_long = false;  // not replied, since the body is longer than it may be

    // The first of that name, in any case; empty if there is none.
    std::string_view header(std::string_view name) const noexcept;
};

class HttpClient {
public:
    using Handler = base::MoveOnlyFunction<void(HttpClientReply reply)>;

    explicit HttpClient(HttpClientOptions options = {});
    // As stop(). Waits for a name that is being looked up: 4 s for each name server that does not
    // answer.
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // `handler` is called exactly once, on the client's thread, and must not block.  [any]
    void send(HttpClientRequest request, Handler handler);

    // As send, but waits. Not to be called from a handler.  [any]
    HttpClientReply fetch(HttpClientRequest request);

    // Ends what is under way (its handlers are told not_sent or maybe_sent) and joins the thread.
    // Later requests fail as not_sent. May be called twice.
    void stop() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::http
