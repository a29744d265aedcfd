#include "http/http_connection.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <ctime>
#include <string>
#include <type_traits>
#include <utility>

#include "base/close_on_exec.hpp"
#include "http/http_request_parser.hpp"
#include "http/tls.hpp"

namespace hermes::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

using PlainStream = IoToken::as_default_on_t<ServerSocket>;
using TlsStream = ssl::stream<PlainStream>;

constexpr std::size_t read_bytes_at_once = 4096;        // a callback fits
constexpr std::size_t body_read_bytes_at_once = 65536;  // once a body is known to be longer
// What an idle connection keeps of the space that its last request needed.
constexpr std::size_t buffer_bytes_kept = std::size_t{16} * 1024;
constexpr std::size_t body_bytes_kept = std::size_t{16} * 1024;

std::string remote_address_of(const PlainStream& socket) {
    error_code ec;
    auto address = socket.remote_endpoint(ec).address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    return ec ? std::string() : address.to_string();
}

HttpResponse refusal_of(const error_code& ec) {
    HttpResponse response;
    if (ec == http::error::body_limit) {
        response.status = 413;
        response.body = "body too large\n";
    } else if (ec == http::error::header_limit) {
        response.status = 431;
        response.body = "header too large\n";
    } else {
        response.status = 400;
        response.body = "malformed request\n";
    }
    return response;
}

template <typename Stream>
class Connection final : public ConnectionBase {
public:
    static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

    Connection(HttpWorker& worker, Stream stream, std::shared_ptr<void> place)
        : worker_(worker),
          place_(std::move(place)),
          stream_(std::move(stream)),
          request_(remote_address_of(socket())),
          slot_(std::make_shared<AnswerSlot>(worker.answers, worker.context.get_executor())) {}

    // Takes the object by value: the coroutine owns it.
    static Awaitable<void> run(std::unique_ptr<Connection> self) { co_await self->serve(); }

    void abort() noexcept override {
        error_code ignored;
        socket().close(ignored);
        slot_->abandon();
    }

    bool give_up_answer() noexcept override {
        if (!waits_for_answer_) {
            return false;
        }
        late_ = true;
        deadline = SteadyClock::time_point::max();
        slot_->abandon();
        return true;
    }

private:
    // How reading a request ended.
    enum class Received { request, refused, nothing };

    Awaitable<void> serve();
    Awaitable<bool> handshake();
    Awaitable<Received> receive(RequestParser& parser);
    Awaitable<bool> read_some(std::size_t bytes);
    bool parse(RequestParser& parser);
    Awaitable<bool> answer(RequestParser& parser);
    Awaitable<bool> send(HttpResponse response, AfterResponse after);
    Awaitable<bool> write(std::array<asio::const_buffer, 2> buffers);
    Awaitable<void> linger();

    PlainStream& socket() {
        if constexpr (is_tls) {
            return stream_.next_layer();
        } else {
            return stream_;
        }
    }
    void expect_within(std::chrono::milliseconds time) { deadline = SteadyClock::now() + time; }

    HttpWorker& worker_;
    std::shared_ptr<void> place_;  // given back after the socket is closed
    Stream stream_;
    beast::flat_buffer buffer_;
    ReceivedRequest request_;
    error_code refusal_;
    std::string head_;
    std::shared_ptr<AnswerSlot> slot_;
    bool asked_before_ = false;      // this is not its first request
    bool waits_for_answer_ = false;  // of the handler
    bool late_ = false;              // which did not come in time
};

template <typename Stream>
Awaitable<void> Connection<Stream>::serve() {
    if (worker_.stopping) {
        co_return;
    }
    worker_.enter(*this);
    bool open = co_await handshake();
    while (open && !worker_.stopping) {
        RequestParser parser(request_, worker_.options.header_bytes_max,
                             worker_.options.body_bytes_max);
        const Received received = co_await receive(parser);
        if (received == Received::nothing) {
            break;
        }
        if (received == Received::refused) {
            HttpResponse refusal = refusal_of(refusal_);
            open = co_await send(std::move(refusal), AfterResponse::close);
        } else {
            open = co_await answer(parser);
        }
        request_.shrink_body(body_bytes_kept);
    }
}

template <typename Stream>
Awaitable<bool> Connection<Stream>::handshake() {
    if constexpr (is_tls) {
        request_.set_begun(SteadyClock::now());
        expect_within(worker_.options.read_timeout);
        const auto [ec] = co_await stream_.async_handshake(ssl::stream_base::server, IoToken());
        co_return !ec;
    }
    co_return true;
}

template <typename Stream>
Awaitable<typename Connection<Stream>::Received> Connection<Stream>::receive(
    RequestParser& parser) {
    phase = ConnectionPhase::reading;
    refusal_ = {};
    if (buffer_.size() == 0) {
        if (buffer_.capacity() > buffer_bytes_kept) {
            buffer_.shrink_to_fit();
        }
        // Who connects has something to say.
        expect_within(asked_before_ ? worker_.options.idle_timeout : worker_.options.read_timeout);
        worker_.begins_idling(*this);
        const bool something = co_await read_some(read_bytes_at_once);
        idle_hook.unlink();
        if (!something) {
            co_return Received::nothing;
        }
    }
    if (!is_tls || asked_before_) {
        request_.set_begun(SteadyClock::now());
    }
    asked_before_ = true;
    expect_within(worker_.options.read_timeout);
    while (parse(parser) && !parser.is_header_done()) {
        if (!co_await read_some(read_bytes_at_once)) {
            co_return Received::nothing;
        }
    }
    if (!refusal_ && !parser.is_done()) {
        expect_within(worker_.options.read_timeout);
        if (parser.expects_continue()) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            std::array<asio::const_buffer, 2> buffers{asio::buffer(go_on)};
            if (!co_await write(buffers)) {
                co_return Received::nothing;
            }
        }
        do {
            if (!co_await read_some(body_read_bytes_at_once)) {
                co_return Received::nothing;
            }
        } while (parse(parser) && !parser.is_done());
    }
    co_return refusal_ ? Received::refused : Received::request;
}

// False: the request is refused.
template <typename Stream>
bool Connection<Stream>::parse(RequestParser& parser) {
    refusal_ = parser.take(buffer_);
    return !refusal_;
}

template <typename Stream>
Awaitable<bool> Connection<Stream>::read_some(std::size_t bytes) {
    const auto [ec, count] = co_await stream_.async_read_some(buffer_.prepare(bytes), IoToken());
    buffer_.commit(count);
    co_return !ec && !worker_.stopping;
}

template <typename Stream>
Awaitable<bool> Connection<Stream>::answer(RequestParser& parser) {
    phase = ConnectionPhase::answering;
    if (worker_.options.answer_timeout.count() > 0) {
        expect_within(worker_.options.answer_timeout);
    } else {
        deadline = SteadyClock::time_point::max();  // the handler's time is its own
    }
    slot_->ask(worker_.handler, request_);
    if (!slot_->settled()) {
        waits_for_answer_ = true;
        co_await slot_->wait_until_settled();
        waits_for_answer_ = false;
    }
    if (std::exchange(late_, false) && !worker_.stopping) {
        // The answer may still come, and is nobody's then.
        slot_ = std::make_shared<AnswerSlot>(worker_.answers, worker_.context.get_executor());
        HttpResponse late;
        late.status = 503;
        late.body = "not answered in time\n";
        co_return co_await send(std::move(late), AfterResponse::close);
    }
    auto response = slot_->take();
    if (!response) {
        co_return false;
    }
    AfterResponse after = AfterResponse::close;
    if (parser.keep_alive() && !worker_.stopping) {
        after = parser.is_http10() ? AfterResponse::keep_alive_http10 : AfterResponse::keep_alive;
    }
    co_return co_await send(std::move(*response), after);
}

// False: the connection is at its end.
template <typename Stream>
Awaitable<bool> Connection<Stream>::send(HttpResponse response, AfterResponse after) {
    phase = ConnectionPhase::answering;
    expect_within(worker_.options.write_timeout);
    head_.clear();
    append_response_head(head_, response, after, worker_.date.at(std::time(nullptr)));
    const bool has_body = may_have_body(response.status) && request_.method() != "HEAD";
    std::array<asio::const_buffer, 2> buffers{};
    if (has_body && is_tls && response.body.size() <= tls_body_bytes_joined) {
        head_.append(response.body);
    } else if (has_body) {
        buffers[1] = asio::buffer(response.body);
    }
    buffers[0] = asio::buffer(head_);
    if (!co_await write(buffers)) {
        co_return false;
    }
    if (after == AfterResponse::close) {
        co_await linger();
        co_return false;
    }
    co_return true;
}

template <typename Stream>
Awaitable<bool> Connection<Stream>::write(std::array<asio::const_buffer, 2> buffers) {
    std::size_t done = 0;
    if constexpr (!is_tls) {
        // There is nearly always room, and then the coroutine need not be suspended.
        error_code ec;
        done = stream_.write_some(buffers, ec);
        if (ec && ec != asio::error::would_block) {
            co_return false;
        }
    }
    if (done == asio::buffer_size(buffers)) {
        co_return true;
    }
    beast::buffers_suffix<std::array<asio::const_buffer, 2>> rest(buffers);
    rest.consume(done);
    const auto [ec, count] = co_await asio::async_write(stream_, rest, IoToken());
    co_return !ec;
}

// Closing with input unread would reset the connection, and the response could be lost on its way
// (RFC 9112 9.6). So: no more from us, and read what comes until the other side is done too.
template <typename Stream>
Awaitable<void> Connection<Stream>::linger() {
    phase = ConnectionPhase::reading;
    expect_within(worker_.options.read_timeout);
    if constexpr (is_tls) {
        if (!worker_.stopping) {
            co_await stream_.async_shutdown(IoToken());
        }
    }
    error_code ec;
    socket().shutdown(PlainStream::shutdown_send, ec);
    buffer_.clear();
    const auto space = buffer_.prepare(body_read_bytes_at_once);
    while (!ec) {
        if (worker_.stopping) {  // nobody waits for this client any more
            socket().read_some(space, ec);
        } else {
            const auto [read_ec, count] = co_await socket().async_read_some(space, IoToken());
            ec = read_ec;
        }
    }
}

template <typename Stream>
void spawn(HttpWorker& worker, Stream stream, std::shared_ptr<void> place) {
    auto connection =
        std::make_unique<Connection<Stream>>(worker, std::move(stream), std::move(place));
    // An exception here is memory running out: that ends the connection and no more.
    asio::co_spawn(worker.context, Connection<Stream>::run(std::move(connection)),
                   [](const std::exception_ptr&) {});
}

}  // namespace

void start_connection(HttpWorker& worker, ServerSocket socket, ssl::context* tls,
                      std::shared_ptr<void> place) {
    base::close_on_exec(socket.native_handle());
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    PlainStream plain(std::move(socket));
    if (tls != nullptr) {
        spawn(worker, TlsStream(std::move(plain), *tls), std::move(place));
    } else {
        spawn(worker, std::move(plain), std::move(place));
    }
}

}  // namespace hermes::http
