// One connection of the HTTP client: opened through resolver, proxy and TLS, then used for one
// request at a time. Everything on the client's thread.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "http/awaited_answer.hpp"
#include "http/http_client.hpp"
#include "http/http_progress.hpp"
#include "http/http_url.hpp"
#include "http/io_thread.hpp"
#include "http/name_lookup.hpp"

namespace hermes::http {

class HttpClientConnection {
public:
    // `names` and `tls` outlive the connection.
    HttpClientConnection(const IoExecutor& executor, NameLookup& names,
                         boost::asio::ssl::context& tls);
    HttpClientConnection(const HttpClientConnection&) = delete;
    HttpClientConnection& operator=(const HttpClientConnection&) = delete;

    // These return false when a step has failed, which `progress` then describes. The arguments
    // outlive the call.
    Awaitable<bool> open(const HttpUrl& url, const std::optional<HttpProxy>& proxy,
                         HttpProgress& progress);
    Awaitable<bool> exchange(const HttpClientRequest& request, const HttpUrl& url,
                             std::size_t response_bytes_max, HttpProgress& progress,
                             HttpClientReply& reply);

    // Whether another request may be sent, as far as can be known without sending it.
    bool reusable();
    void abort();  // what is awaited ends soon after

private:
    using Token = boost::asio::as_tuple_t<boost::asio::use_awaitable_t<IoExecutor>>;
    using Tcp = boost::asio::ip::tcp;
    using Stream = boost::beast::basic_stream<Tcp, IoExecutor>;
    using Endpoints = NameLookup::Endpoints;
    using TlsStream = boost::asio::ssl::stream<Stream&>;

    Awaitable<bool> connect(const std::string& host, std::uint16_t port, const char* what,
                            HttpProgress& progress);
    Awaitable<boost::system::error_code> connect_to_any(Endpoints endpoints);
    Awaitable<bool> open_tunnel(const HttpUrl& url, const HttpProxy& proxy, HttpProgress& progress);
    Awaitable<bool> start_tls(const HttpUrl& url, HttpProgress& progress);
    template <typename AnyStream>
    Awaitable<bool> exchange_on(AnyStream& stream, const HttpClientRequest& request,
                                const HttpUrl& url, std::size_t response_bytes_max,
                                HttpProgress& progress, HttpClientReply& reply);
    template <typename AnyStream>
    Awaitable<bool> write(AnyStream& stream, const HttpClientRequest& request, const HttpUrl& url,
                          HttpProgress& progress);
    template <typename AnyStream>
    Awaitable<bool> write_pieces(AnyStream& stream, const HttpClientRequest& request,
                                 HttpProgress& progress);
    template <typename AnyStream>
    Awaitable<bool> read_refusal(AnyStream& stream, const HttpClientRequest& request,
                                 std::size_t response_bytes_max, HttpProgress& progress,
                                 HttpClientReply& reply);
    template <typename AnyStream>
    Awaitable<bool> read(AnyStream& stream, const HttpClientRequest& request,
                         std::size_t response_bytes_max, HttpProgress& progress,
                         HttpClientReply& reply);
    template <typename Body, typename AnyStream>
    Awaitable<bool> read_as(AnyStream& stream, const HttpClientRequest& request,
                            std::size_t response_bytes_max, HttpProgress& progress,
                            HttpClientReply& reply);
    template <typename AnyStream, typename Parser>
    Awaitable<boost::system::error_code> read_pieces(AnyStream& stream, Parser& parser,
                                                     const HttpBodySink& sink);

    NameLookup& names_;
    Stream stream_;
    boost::asio::ssl::context& tls_context_;
    std::optional<TlsStream> tls_;
    boost::beast::flat_buffer buffer_;  // bounded: framing counts, not only what it frames
    AwaitedAnswer<HttpBodyNext>* asked_of_sink_ = nullptr;  // while it has a piece
    // While it makes one.
    AwaitedAnswer<base::Result<std::string>>* asked_of_source_ = nullptr;
    bool keep_alive_ = false;
    bool cut_off_ = false;  // the other side took the beginning of the request and no more
    bool aborted_ = false;
};

}  // namespace hermes::http
