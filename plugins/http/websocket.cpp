#include "http/websocket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "http/http_upgrade.hpp"

namespace hermes::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

class Session;

// The half of a session that others may hold. It knows the session only while that lives.
class Outgoing final : public WebSocket, public std::enable_shared_from_this<Outgoing> {
public:
    Outgoing(Session& session, asio::io_context& context)
        : session_(&session), context_(&context) {}

    void send(std::string text) noexcept override;
    void close() noexcept override;

    // From here on: on the session's thread.
    void detach();
    std::optional<std::string> next();
    bool closing() const;
    bool overflowed() const;

private:
    void wake();  // with the mutex held

    mutable std::mutex mutex_;
    Session* session_;           // null once the connection has ended
    asio::io_context* context_;  // valid as long as session_
    std::deque<std::string> texts_;
    std::size_t bytes_ = 0;
    bool woken_ = false;
    bool closing_ = false;
};

class Session final : public ConnectionBase, public std::enable_shared_from_this<Session> {
public:
    Session(HttpWorker& worker, PlainStream stream, WebSocketEvents events)
        : stream_(std::move(stream)),
          events_(std::move(events)),
          outgoing_(std::make_shared<Outgoing>(*this, worker.context)),
          executor_(worker.context.get_executor()) {
        worker.enter(*this);
    }

    static Awaitable<void> run(std::shared_ptr<Session> self,
                               http::request<http::empty_body> upgrade);
    void flush();

    void abort() noexcept override {
        error_code ignored;
        beast::get_lowest_layer(stream_).close(ignored);
    }

private:
    static Awaitable<void> write(std::shared_ptr<Session> self);
    Awaitable<void> read();

    websocket::stream<PlainStream, false> stream_;  // without compression: it stays on loopback
    WebSocketEvents events_;
    std::shared_ptr<Outgoing> outgoing_;
    IoExecutor executor_;
    bool writing_ = false;
};

void Outgoing::send(std::string text) noexcept {
    const std::lock_guard lock(mutex_);
    if (session_ != nullptr && !closing_) {
        bytes_ += text.size();
        texts_.push_back(std::move(text));
        wake();
    }
}

void Outgoing::close() noexcept {
    const std::lock_guard lock(mutex_);
    if (session_ != nullptr && !closing_) {
        closing_ = true;
        wake();
    }
}

void Outgoing::wake() {
    if (!std::exchange(woken_, true)) {
        asio::post(*context_, [self = shared_from_this()] {
            Session* session = nullptr;
            {
                const std::lock_guard lock(self->mutex_);
                self->woken_ = false;
                session = self->session_;
            }
            if (session != nullptr) {
                session->flush();
            }
        });
    }
}

void Outgoing::detach() {
    const std::lock_guard lock(mutex_);
    session_ = nullptr;
    texts_.clear();
}

std::optional<std::string> Outgoing::next() {
    const std::lock_guard lock(mutex_);
    if (texts_.empty()) {
        return std::nullopt;
    }
    std::optional<std::string> text(std::move(texts_.front()));
    texts_.pop_front();
    bytes_ -= text->size();
    return text;
}

bool Outgoing::closing() const {
    const std::lock_guard lock(mutex_);
    return closing_;
}

bool Outgoing::overflowed() const {
    const std::lock_guard lock(mutex_);
    return bytes_ > websocket_queue_bytes_max;
}

Awaitable<void> Session::run(std::shared_ptr<Session> self,
                             http::request<http::empty_body> upgrade) {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = websocket_idle_timeout;
    timeout.idle_timeout = websocket_idle_timeout;
    timeout.keep_alive_pings = true;
    self->stream_.set_option(timeout);
    self->stream_.read_message_max(websocket_text_bytes_max);
    const auto [ec] = co_await self->stream_.async_accept(upgrade, IoToken());
    if (!ec) {
        self->events_.on_open(self->outgoing_);
        co_await self->read();
        self->events_.on_close();
    }
    self->outgoing_->detach();
    self->abort();  // the writer, if there is one, ends and lets go of the session
}

Awaitable<void> Session::read() {
    beast::flat_buffer buffer;
    for (;;) {
        const auto [ec, count] = co_await stream_.async_read(buffer, IoToken());
        if (ec) {
            co_return;
        }
        if (stream_.got_text()) {
            const auto bytes = buffer.cdata();
            events_.on_text({static_cast<const char*>(bytes.data()), bytes.size()});
        }
        buffer.clear();
    }
}

void Session::flush() {
    if (outgoing_->overflowed()) {
        abort();
    } else if (!writing_) {
        writing_ = true;
        asio::co_spawn(executor_, write(shared_from_this()), [](const std::exception_ptr&) {});
    }
}

Awaitable<void> Session::write(std::shared_ptr<Session> self) {
    self->stream_.text(true);
    while (const auto text = self->outgoing_->next()) {
        const auto [ec, count] = co_await self->stream_.async_write(asio::buffer(*text), IoToken());
        if (ec) {
            co_return;  // the reader sees it too, and ends the session
        }
    }
    self->writing_ = false;
    if (self->outgoing_->closing()) {
        co_await self->stream_.async_close(websocket::close_code::normal, IoToken());
    }
}

// Every connection of a server asks the one decision.
class WebSocketUpgrade final : public HttpUpgrade {
public:
    explicit WebSocketUpgrade(WebSocketDecision decide) : decide_(std::move(decide)) {}

    std::optional<Awaitable<void>> take_over(HttpWorker& worker, PlainStream& stream,
                                             const HttpRequest& request) const override {
        const auto upgrade = request.header("upgrade");
        if (request.method() != "GET" ||
            !beast::iequals({upgrade.data(), upgrade.size()}, "websocket")) {
            return std::nullopt;
        }
        auto events = decide_(request);
        if (!events) {
            return std::nullopt;
        }
        auto session = std::make_shared<Session>(worker, std::move(stream), std::move(*events));
        return Session::run(std::move(session), handshake_of(request));
    }

private:
    // What Beast has to see of the request to answer it.
    static http::request<http::empty_body> handshake_of(const HttpRequest& request) {
        const auto target = request.target();
        http::request<http::empty_body> handshake(http::verb::get, {target.data(), target.size()},
                                                  11);
        for (const char* name :
             {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
            const auto value = request.header(name);
            if (!value.empty()) {
                handshake.set(name, beast::string_view(value.data(), value.size()));
            }
        }
        return handshake;
    }

    WebSocketDecision decide_;
};

}  // namespace

std::shared_ptr<const HttpUpgrade> websocket_upgrade(WebSocketDecision decide) {
    return std::make_shared<WebSocketUpgrade>(std::move(decide));
}

}  // namespace hermes::http
