// A server whose every connection follows a script, to play peers that no real server would be.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/http_socket.hpp"

namespace hermes::test {

class HttpScriptedServer {
public:
    // Runs once per connection on a thread of its own; `number` counts connections from 1. The
    // connection is closed when it returns.
    using Script = std::function<void(HttpSocket& connection, int number)>;

    explicit HttpScriptedServer(Script script, std::uint16_t port = 0);  // 0: any free one
    ~HttpScriptedServer();                                               // ends all connections
    HttpScriptedServer(const HttpScriptedServer&) = delete;
    HttpScriptedServer& operator=(const HttpScriptedServer&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    std::string url(const std::string& target = "/") const;
    int connections() const;

private:
    void accept();

    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    bool ending_ = false;           // the rest under mutex_
    std::vector<int> descriptors_;  // of connections whose script runs
    int count_ = 0;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

// A whole response with the given body.
std::string http_ok(const std::string& body);

}  // namespace hermes::test
