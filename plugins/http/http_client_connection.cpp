#include "http/http_client_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <chrono>
#include <iterator>
#include <tuple>

#include "base/close_on_exec.hpp"
#include "base/error_text.hpp"
#include "http/http_head.hpp"
#include "http/http_response_parser.hpp"
#include "http/tls.hpp"

namespace hermes::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// Of a response at a time: a header, or the line before a chunk, or trailers, and what came behind.
constexpr std::size_t buffer_bytes_max = std::size_t{2} * response_header_bytes_max;
// For each but the last address of a host: one that swallows what is sent to it (a broken IPv6
// route does) must not use up the whole request's time.
constexpr std::chrono::seconds connect_attempt_timeout{5};

// An agent may think for many minutes before it says a word: a NAT or firewall on the way would
// have forgotten the connection by then, and its answer would be lost.
void stay_known(int socket) {
    const auto set = [socket](int level, int option, int value) {
        ::setsockopt(socket, level, option, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_KEEPIDLE, 30);   // seconds of silence
    set(IPPROTO_TCP, TCP_KEEPINTVL, 10);  // seconds between
    set(IPPROTO_TCP, TCP_KEEPCNT, 6);     // without an answer: the other side is gone
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
}

bool is_address(const std::string& host) {
    error_code ec;
    asio::ip::make_address(host, ec);
    return !ec;
}

// What verification is to hold the certificate against, and what the server is to be told of it.
void expect_host(SSL* tls, const std::string& host) {
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str());
    } else {
        SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        SSL_set1_host(tls, host.c_str());
        SSL_set_tlsext_host_name(tls, host.c_str());  // RFC 6066: names only
    }
}

std::string refusal_of_proxy(const HttpUrl& url, unsigned status) {
    const auto words = http::obsolete_reason(http::int_to_status(status));
    std::string text = "it refused to connect to " + host_and_port(url.host, url.port) + ": " +
                       std::to_string(status) + " " + std::string(words.data(), words.size());
    if (status == 407) {
        text += " (check the user and password in the proxy's URL)";
    }
    return text;
}

}  // namespace

HttpClientConnection::HttpClientConnection(const IoExecutor& executor, NameLookup& names,
                                           ssl::context& tls)
    : names_(names), stream_(executor), tls_context_(tls), buffer_(buffer_bytes_max) {}

Awaitable<bool> HttpClientConnection::open(const HttpUrl& url,
                                           const std::optional<HttpProxy>& proxy,
                                           HttpProgress& progress) {
    bool open = false;
    if (proxy) {
        open = co_await connect(proxy->host, proxy->port, "proxy ", progress) &&
               co_await open_tunnel(url, *proxy, progress);
    } else {
        open = co_await connect(url.host, url.port, "", progress);
    }
    if (open && url.tls) {
        open = co_await start_tls(url, progress);
    }
    co_return open;
}

Awaitable<bool> HttpClientConnection::connect(const std::string& host, std::uint16_t port,
                                              const char* what, HttpProgress& progress) {
    Endpoints endpoints;
    error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (!ec) {
        endpoints.emplace_back(address, port);
    } else {
        progress.step = std::string("resolve ") + what + host;
        std::tie(ec, endpoints) = co_await names_.find(host, port, stream_.socket().get_executor());
        if (ec) {
            co_return fail(progress, base::error_text(ec));
        }
    }
    progress.step = std::string("connect to ") + what + host_and_port(host, port);
    ec = co_await connect_to_any(endpoints);
    if (ec) {
        co_return fail(progress, base::error_text(ec));
    }
    if (endpoints.size() > 1) {
        const auto peer = stream_.socket().remote_endpoint(ec);
        if (!ec) {
            names_.reached(host, peer.address());
        }
    }
    co_return true;
}

Awaitable<error_code> HttpClientConnection::connect_to_any(Endpoints endpoints) {
    error_code ec = asio::error::host_not_found;
    for (auto next = endpoints.begin(); next != endpoints.end() && !aborted_; ++next) {
        const Tcp::endpoint endpoint = *next;
        stream_.close();
        stream_.socket().open(endpoint.protocol(), ec);
        if (ec) {
            continue;  // no IPv6 here, for example
        }
        base::close_on_exec(stream_.socket().native_handle());
        if (std::next(next) != endpoints.end()) {
            stream_.expires_after(connect_attempt_timeout);
        } else {
            stream_.expires_never();
        }
        std::tie(ec) = co_await stream_.async_connect(endpoint, Token());
        if (!ec) {
            error_code ignored;
            stream_.socket().set_option(Tcp::no_delay(true), ignored);
            stay_known(stream_.socket().native_handle());
            break;
        }
    }
    stream_.expires_never();
    co_return ec;
}

Awaitable<bool> HttpClientConnection::open_tunnel(const HttpUrl& url, const HttpProxy& proxy,
                                                  HttpProgress& progress) {
    progress.step = "proxy " + host_and_port(proxy.host, proxy.port);
    HttpClientRequest request;
    request.method = "CONNECT";
    if (!proxy.authorization.empty()) {
        request.headers.emplace_back("Proxy-Authorization", proxy.authorization);
    }
    const std::string target = host_and_port(url.host, url.port);
    std::string head;
    append_request_head(head, request, target, target);
    const auto [write_ec, written] =
        co_await asio::async_write(stream_, asio::buffer(head), Token());
    if (write_ec) {
        co_return fail(progress, base::error_text(write_ec));
    }
    ResponseParser<http::empty_body> parser;
    parser.skip(true);
    const auto [ec, read] = co_await http::async_read_header(stream_, buffer_, parser, Token());
    if (ec) {
        co_return fail(progress,
                       is_end_of_stream(ec) ? "it closed the connection" : base::error_text(ec));
    }
    if (http::to_status_class(parser.get().result()) != http::status_class::successful) {
        co_return fail(progress, refusal_of_proxy(url, parser.get().result_int()));
    }
    if (buffer_.size() != 0) {
        co_return fail(progress, "it sent more than its answer to CONNECT");
    }
    co_return true;
}

Awaitable<bool> HttpClientConnection::start_tls(const HttpUrl& url, HttpProgress& progress) {
    progress.step = "TLS with " + host_and_port(url.host, url.port);
    tls_.emplace(stream_, tls_context_);
    expect_host(tls_->native_handle(), url.host);
    const auto [ec] = co_await tls_->async_handshake(ssl::stream_base::client, Token());
    if (ec) {
        const long verdict = SSL_get_verify_result(tls_->native_handle());
        if (verdict != X509_V_OK) {
            co_return fail(progress, std::string("certificate not trusted: ") +
                                         X509_verify_cert_error_string(verdict));
        }
        co_return fail(progress,
                       is_end_of_stream(ec) ? "the connection was closed" : base::error_text(ec));
    }
    co_return true;
}

bool HttpClientConnection::reusable() {
    if (!keep_alive_ || !stream_.socket().is_open()) {
        return false;
    }
    // Readable now means closed by the other side, or out of step with us: nothing was asked.
    char byte = 0;
    const auto peeked =
        ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
    return peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void HttpClientConnection::abort() {
    aborted_ = true;
    stream_.close();
    if (asked_of_sink_ != nullptr) {
        asked_of_sink_->cancel();
    }
    if (asked_of_source_ != nullptr) {
        asked_of_source_->cancel();
    }
}

}  // namespace hermes::http
