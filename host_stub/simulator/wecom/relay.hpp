// The network in front of the simulator's HTTP server, so that it can fail as networks do.
//
// Listens on loopback and passes bytes to the server's own port and back. The server marks an
// answer with the header below where a connection is to fail in the middle of it; the relay
// carries that out and never shows the mark to anyone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace hermes::host::simulator {

inline constexpr std::string_view connection_mark = "X-Simulator-Connection";
inline constexpr std::string_view mark_drop = "drop";  // close without a byte of the answer
inline constexpr std::string_view mark_half = "half";  // close after half of its bytes
inline constexpr std::string_view mark_hang = "hang";  // stay open, pass nothing
// Pass it with a length that it does not reach, and stay open.
inline constexpr std::string_view mark_wrong_length = "wrong-length";
inline constexpr std::string_view mark_endless = "endless";  // pass it without a length, and go on

class Relay {
public:
    // `drop_unread` is asked as each request begins to arrive; true resets its connection. Called
    // on the relay's thread.
    using DropUnread = std::function<bool()>;

    Relay(std::uint16_t port, DropUnread drop_unread);
    ~Relay();  // as stop()
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // Listens (port 0: any free one) and starts the thread. Throws std::runtime_error with a
    // sentence that names the address.
    void start(std::uint16_t server_port);
    std::uint16_t port() const noexcept;

    // Closes the listener and every connection: new ones are refused, until come_up listens on
    // the same port again. Both are done when they return. come_up throws as start does.
    void go_down();
    void come_up();

    void stop() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::host::simulator
