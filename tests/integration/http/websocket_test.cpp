// WebSockets, as the simulator's page uses them.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "http/websocket.hpp"
#include "running_server.hpp"
#include "support/eventually.hpp"

using namespace hermes::test;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;
using hermes::http::WebSocket;
using hermes::http::websocket_queue_bytes_max;
using hermes::http::websocket_text_bytes_max;
using hermes::http::websocket_upgrade;
using hermes::http::WebSocketEvents;

namespace {

// The other side, frame by frame (RFC 6455 5.2).
class Browser {
public:
    explicit Browser(std::uint16_t port, const std::string& origin = "http://localhost")
        : socket_(HttpSocket::connect(port)) {
        socket_.send(
            "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
            "Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            "dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: " +
            origin + "\r\n\r\n");
        answer_ = socket_.read_message().value_or(RawMessage());
    }

    const RawMessage& answer() const { return answer_; }

    bool send_text(const std::string& text) {
        std::string frame = "\x81";
        if (text.size() < 126) {
            frame += static_cast<char>(0x80 | text.size());
        } else {
            frame += static_cast<char>(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame += static_cast<char>((text.size() >> shift) & 0xff);
            }
        }
        return socket_.send(frame + std::string(4, '\0') + text);  // a mask of zeros
    }

    struct Frame {
        int kind = 0;  // 1 text, 8 close, 9 ping
        std::string text;
    };

    std::optional<Frame> read_frame() {
        const auto start = socket_.read_bytes(2);
        if (!start) {
            return std::nullopt;
        }
        std::size_t size = static_cast<unsigned char>((*start)[1]);
        if (size >= 126) {
            const auto longer = socket_.read_bytes(size == 126 ? 2 : 8);
            if (!longer) {
                return std::nullopt;
            }
            size = 0;
            for (const char byte : *longer) {
                size = size << 8 | static_cast<unsigned char>(byte);
            }
        }
        auto text = socket_.read_bytes(size);
        if (!text) {
            return std::nullopt;
        }
        return Frame{(*start)[0] & 0x0f, std::move(*text)};
    }

    std::string read_text() {
        auto frame = read_frame();
        return frame && frame->kind == 1 ? frame->text : "(no text)";
    }

    HttpSocket& socket() { return socket_; }

private:
    HttpSocket socket_;
    RawMessage answer_;
};

// A server that reports what happens on its WebSockets.
struct Rig {
    Rig()
        : server(
              HttpServerOptions(), describe,
              websocket_upgrade([this](const HttpRequest& request) { return decide(request); })) {
        server.start();
    }

    std::optional<WebSocketEvents> decide(const HttpRequest& request) {
        if (request.header("origin") != "http://localhost") {
            return std::nullopt;
        }
        WebSocketEvents events;
        events.on_open = [this](std::shared_ptr<WebSocket> socket) {
            opened.put(std::move(socket));
        };
        events.on_text = [this](std::string_view text) { texts.put(std::string(text)); };
        events.on_close = [this] { closed.put(true); };
        return events;
    }

    std::shared_ptr<WebSocket> take_opened() { return opened.take().value_or(nullptr); }

    Mailbox<std::shared_ptr<WebSocket>> opened;
    Mailbox<std::string> texts;
    Mailbox<bool> closed;
    HttpServer server;  // last: its threads use the rest
};

}  // namespace

TEST_SUITE("support/websocket") {
    TEST_CASE("a browser that asks for a WebSocket gets one, and texts pass both ways") {
        Rig rig;
        Browser browser(rig.server.port());
        CHECK(browser.answer().status() == 101);
        CHECK(browser.answer().field("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        const auto socket = rig.take_opened();
        REQUIRE(socket);
        browser.send_text("你好");
        CHECK(rig.texts.take() == "你好");
        socket->send("hello");
        CHECK(browser.read_text() == "hello");
        browser.socket().close();
        CHECK(rig.closed.take() == true);
    }

    TEST_CASE("texts that another thread sends arrive whole and in order") {
        Rig rig;
        Browser browser(rig.server.port());
        const auto socket = rig.take_opened();
        REQUIRE(socket);
        std::thread sender([&] {
            for (int i = 0; i < 1000; ++i) {
                socket->send(std::to_string(i) + std::string(static_cast<std::size_t>(i), 'x'));
            }
        });
        for (int i = 0; i < 1000; ++i) {
            CHECK(browser.read_text() ==
                  std::to_string(i) + std::string(static_cast<std::size_t>(i), 'x'));
        }
        sender.join();
    }

    TEST_CASE("a server that closes says so after its last text") {
        Rig rig;
        Browser browser(rig.server.port());
        const auto socket = rig.take_opened();
        REQUIRE(socket);
        socket->send("last");
        socket->close();
        socket->send("too late");
        CHECK(browser.read_text() == "last");
        const auto frame = browser.read_frame();
        REQUIRE(frame);
        CHECK(frame->kind == 8);
        CHECK(frame->text == "\x03\xe8");  // 1000: normal
        browser.socket().close();
        CHECK(rig.closed.take() == true);
    }

    TEST_CASE("a request that the decision does not grant is answered by the handler") {
        Rig rig;
        const Browser stranger(rig.server.port(), "http://evil.example");
        CHECK(stranger.answer().status() == 200);
        CHECK(stranger.answer().body == "GET /live []");
        CHECK(rig.opened.size() == 0);
    }

    TEST_CASE("ordinary requests are served beside WebSockets, also before one on its connection") {
        Rig rig;
        auto client = HttpSocket::connect(rig.server.port());
        client.send(get("/page"));
        const auto page = client.read_message();
        REQUIRE(page);
        CHECK(page->body == "GET /page []");
        client.send(
            "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, "
            "Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            "dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://localhost\r\n\r\n");
        const auto upgraded = client.read_message();
        REQUIRE(upgraded);
        CHECK(upgraded->status() == 101);
    }

    TEST_CASE("a handshake without a key is refused") {
        Rig rig;
        auto client = HttpSocket::connect(rig.server.port());
        client.send(
            "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n\r\n");
        const auto refused = client.read_message();
        REQUIRE(refused);
        CHECK(refused->status() == 400);
        CHECK(rig.opened.size() == 0);
    }

    TEST_CASE("a text that is too long ends the connection") {
        Rig rig;
        Browser browser(rig.server.port());
        browser.send_text(std::string(websocket_text_bytes_max, 'x'));
        CHECK(rig.texts.take() == std::string(websocket_text_bytes_max, 'x'));
        browser.send_text(std::string(websocket_text_bytes_max + 1, 'x'));
        CHECK(rig.closed.take() == true);
        CHECK(rig.texts.size() == 0);
    }

    TEST_CASE("a reader that falls too far behind is cut off") {
        Rig rig;
        const Browser browser(rig.server.port());
        const auto socket = rig.take_opened();
        REQUIRE(socket);
        const std::string text(256 * 1024, 'x');
        // The kernel holds some megabytes beside our queue.
        for (std::size_t sent = 0; sent < 16 * websocket_queue_bytes_max && rig.closed.size() == 0;
             sent += text.size()) {
            socket->send(text);
        }
        CHECK(rig.closed.take() == true);
    }

    TEST_CASE("stopping the server ends WebSockets, and what is sent later goes nowhere") {
        Rig rig;
        Browser browser(rig.server.port());
        const auto socket = rig.take_opened();
        REQUIRE(socket);
        const auto begin = std::chrono::steady_clock::now();
        rig.server.stop(begin + patience);
        CHECK(std::chrono::steady_clock::now() - begin < patience / 2);
        CHECK(rig.closed.size() == 1);  // before stop returned
        CHECK_FALSE(browser.read_frame());
        socket->send("anyone?");
        socket->close();
    }
}
