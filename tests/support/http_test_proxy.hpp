// A CONNECT proxy on loopback. Whatever name it is asked for, it connects to loopback, so that a
// test can use names that no resolver knows.
#pragma once

#include <string>

#include "support/http_scripted_server.hpp"

namespace hermes::test {

class HttpTestProxy {
public:
    // `authorization` is the value of Proxy-Authorization that it asks for; empty: none. Dies with
    // its tunnels when it is destroyed; another one may come up on the same port.
    explicit HttpTestProxy(std::string authorization = "", std::uint16_t port = 0);

    std::uint16_t port() const noexcept { return server_.port(); }
    Mailbox<std::string>& requests() { return requests_; }  // the first line of each request

private:
    void serve(HttpSocket& client);

    std::string authorization_;
    Mailbox<std::string> requests_;
    HttpScriptedServer server_;  // last: its threads use the rest
};

}  // namespace hermes::test
