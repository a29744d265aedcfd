// A request and its reply, on a connection that is open.
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <tuple>
#include <type_traits>

#include "base/error_text.hpp"
#include "http/http_client_connection.hpp"
#include "http/http_head.hpp"
#include "http/http_response_parser.hpp"
#include "http/tls.hpp"

namespace hermes::http {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

std::string why_not_read(const error_code& ec, std::size_t bytes_max, bool reply_begun) {
    if (ec == http::error::body_limit) {
        return "the reply is longer than " + std::to_string(bytes_max) + " bytes";
    }
    if (is_end_of_stream(ec)) {
        return reply_begun ? "the connection was closed in the middle of the reply"
                           : "the connection was closed before a reply came";
    }
    return ec == asio::error::operation_aborted ? "the rest of the reply is not wanted"
                                                : base::error_text(ec);
}

}  // namespace

Awaitable<bool> HttpClientConnection::exchange(const HttpClientRequest& request, const HttpUrl& url,
                                               std::size_t response_bytes_max,
                                               HttpProgress& progress, HttpClientReply& reply) {
    keep_alive_ = false;
    if (tls_) {
        co_return co_await exchange_on(*tls_, request, url, response_bytes_max, progress, reply);
    }
    co_return co_await exchange_on(stream_, request, url, response_bytes_max, progress, reply);
}

template <typename AnyStream>
Awaitable<bool> HttpClientConnection::exchange_on(AnyStream& stream,
                                                  const HttpClientRequest& request,
                                                  const HttpUrl& url,
                                                  std::size_t response_bytes_max,
                                                  HttpProgress& progress, HttpClientReply& reply) {
    // Not `if (co_await ...)`: gcc 12 gets the arguments wrong where the branch awaits as well.
    bool done = co_await write(stream, request, url, progress);
    if (done) {
        done = co_await read(stream, request, response_bytes_max, progress, reply);
    } else if (cut_off_) {
        done = co_await read_refusal(stream, request, response_bytes_max, progress, reply);
    }
    co_return done;
}

template <typename AnyStream>
Awaitable<bool> HttpClientConnection::write(AnyStream& stream, const HttpClientRequest& request,
                                            const HttpUrl& url, HttpProgress& progress) {
    progress.step = "write to " + host_and_port(url.host, url.port);
    std::string head;
    append_request_head(head, request, url.target, url.authority);
    std::array<asio::const_buffer, 2> buffers{};
    if (tls_ && request.body.size() <= tls_body_bytes_joined) {
        head.append(request.body);
    } else {
        buffers[1] = asio::buffer(request.body);
    }
    buffers[0] = asio::buffer(head);
    progress.sent = true;
    const auto [ec, written] = co_await asio::async_write(stream, buffers, Token());
    if (ec) {
        progress.sent = written > 0;
        cut_off_ = progress.sent;
        co_return fail(progress, base::error_text(ec));
    }
    if (request.source) {
        co_return co_await write_pieces(stream, request, progress);
    }
    co_return true;
}

template <typename AnyStream>
Awaitable<bool> HttpClientConnection::write_pieces(AnyStream& stream,
                                                   const HttpClientRequest& request,
                                                   HttpProgress& progress) {
    for (auto left = request.source_bytes; left > 0;) {
        AwaitedAnswer<base::Result<std::string>> answer(stream_.get_executor());
        asked_of_source_ = &answer;
        request.source(answer.give());
        const auto piece = co_await answer.wait();
        asked_of_source_ = nullptr;
        if (!piece || !*piece) {
            co_return fail(progress, piece ? "the body can't be read: " + piece->error().message()
                                           : base::error_text(asio::error::operation_aborted));
        }
        if ((*piece)->empty() || (*piece)->size() > left) {
            co_return fail(progress, "the body is not as long as it was said to be");
        }
        const auto [ec, written] =
            co_await asio::async_write(stream, asio::buffer(**piece), Token());
        if (ec) {
            cut_off_ = true;
            co_return fail(progress, base::error_text(ec));
        }
        left -= written;
    }
    co_return true;
}

// A server that refuses a request need not take all of it: its answer may have come before it
// closed the connection (RFC 9112 9.5). Without one, `progress` stays with why writing failed.
template <typename AnyStream>
Awaitable<bool> HttpClientConnection::read_refusal(AnyStream& stream,
                                                   const HttpClientRequest& request,
                                                   std::size_t response_bytes_max,
                                                   HttpProgress& progress, HttpClientReply& reply) {
    HttpProgress reading = progress;
    HttpClientReply refusal;
    const bool done = co_await read(stream, request, response_bytes_max, reading, refusal);
    keep_alive_ = false;
    progress.reply_begun = reading.reply_begun;
    if (!done || refusal.status < 400) {
        co_return false;
    }
    reply = std::move(refusal);
    co_return true;
}

template <typename AnyStream>
Awaitable<bool> HttpClientConnection::read(AnyStream& stream, const HttpClientRequest& request,
                                           std::size_t response_bytes_max, HttpProgress& progress,
                                           HttpClientReply& reply) {
    if (request.sink) {
        co_return co_await read_as<http::buffer_body>(stream, request, response_bytes_max, progress,
                                                      reply);
    }
    co_return co_await read_as<http::string_body>(stream, request, response_bytes_max, progress,
                                                  reply);
}

template <typename Body, typename AnyStream>
Awaitable<bool> HttpClientConnection::read_as(AnyStream& stream, const HttpClientRequest& request,
                                              std::size_t response_bytes_max,
                                              HttpProgress& progress, HttpClientReply& reply) {
    constexpr bool in_pieces = std::is_same_v<Body, http::buffer_body>;
    progress.step.replace(0, std::string_view("write to").size(), "read from");
    std::optional<ResponseParser<Body>> parser;
    do {  // again after an interim response (RFC 9110 15.2)
        parser.emplace();
        parser->body_limit(response_bytes_max);
        parser->skip(request.method == "HEAD");
        error_code ec;
        if constexpr (in_pieces) {
            ec = co_await read_pieces(stream, *parser, request.sink);
        } else {
            std::tie(ec, std::ignore) =
                co_await http::async_read(stream, buffer_, *parser, Token());
        }
        progress.reply_begun = progress.reply_begun || parser->got_some() || buffer_.size() > 0;
        if (ec) {
            progress.too_long = ec == http::error::body_limit;
            co_return fail(progress, why_not_read(ec, response_bytes_max, progress.reply_begun));
        }
    } while (parser->get().result_int() < 200);
    keep_alive_ = parser->keep_alive() && buffer_.size() == 0;
    auto message = parser->release();
    reply.outcome = HttpOutcome::replied;
    reply.status = message.result_int();
    for (const auto& field : message) {
        reply.headers.emplace_back(field.name_string(), field.value());
    }
    if constexpr (!in_pieces) {
        reply.body = std::move(message.body());
    }
    co_return true;
}

// operation_aborted: the sink has given up, or the connection was aborted while the sink had a
// piece.
template <typename AnyStream, typename Parser>
Awaitable<error_code> HttpClientConnection::read_pieces(AnyStream& stream, Parser& parser,
                                                        const HttpBodySink& sink) {
    auto [ec, head_bytes] = co_await http::async_read_header(stream, buffer_, parser, Token());
    while (!ec && !parser.is_done()) {
        std::string piece(http_piece_bytes_max, '\0');
        auto& body = parser.get().body();
        body.data = piece.data();
        body.size = piece.size();
        std::size_t count = 0;
        std::tie(ec, count) = co_await http::async_read(stream, buffer_, parser, Token());
        if (ec == http::error::need_buffer) {
            ec = {};
        }
        piece.resize(piece.size() - body.size);
        if (ec || piece.empty()) {
            continue;
        }
        AwaitedAnswer<HttpBodyNext> answer(stream_.get_executor());
        asked_of_sink_ = &answer;
        sink(std::move(piece), answer.give());
        const auto next = co_await answer.wait();
        asked_of_sink_ = nullptr;
        if (next != HttpBodyNext::go_on) {
            ec = asio::error::operation_aborted;
        }
    }
    co_return ec;
}

}  // namespace hermes::http
