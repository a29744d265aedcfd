// A WebSocket that a browser has opened: text both ways.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/http_server.hpp"

namespace hermes::http {

// A longer text from the other side ends the connection.
inline constexpr std::size_t websocket_text_bytes_max = 64 * 1024;
// What may wait for a slow reader. Beyond it the connection ends: whoever falls behind that far
// shall load the page anew instead of watching the past.
inline constexpr std::size_t websocket_queue_bytes_max = 4 * 1024 * 1024;
// A silent peer is pinged after half of it and dropped after all of it.
inline constexpr std::chrono::seconds websocket_idle_timeout{60};

// The sending half. May be kept for as long as one likes: once the connection has ended, it does
// nothing.
class WebSocket {
public:
    virtual ~WebSocket() = default;
    virtual void send(std::string text) noexcept = 0;  // [any]
    virtual void close() noexcept = 0;                 // after what has been sent  [any]
};

// What happens on a WebSocket. Called on the connection's thread, one at a time, and must neither
// block nor throw; none is called after HttpServer::stop has returned.
struct WebSocketEvents {
    std::function<void(std::shared_ptr<WebSocket> socket)> on_open;
    std::function<void(std::string_view text)> on_text;
    std::function<void()> on_close;  // once, if on_open was called
};

// Asked when a request wants a WebSocket: what is to happen on it. Nothing: the server's handler
// answers the request like any other. Whether the Origin may do this is for it to judge.
using WebSocketDecision = std::function<std::optional<WebSocketEvents>(const HttpRequest& request)>;

// For HttpServer's constructor. Over plain HTTP only: so far the one page that needs it is on
// loopback.
std::shared_ptr<const HttpUpgrade> websocket_upgrade(WebSocketDecision decide);

}  // namespace hermes::http
