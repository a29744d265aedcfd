// An HttpServer that runs from here to the end of the block.
#pragma once

#include <string>
#include <utility>

#include "http/http_server.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {

// Answers 200 with what it understood: "GET /path?query [body]".
inline void describe(const http::HttpRequest& request, http::Responder respond) {
    http::HttpResponse response;
    response.body = std::string(request.method()) + " " + std::string(request.target()) + " [" +
                    std::string(request.body()) + "]";
    respond(std::move(response));
}

class RunningServer {
public:
    explicit RunningServer(http::HttpServer::Handler handler = describe,
                           http::HttpServerOptions options = {})
        : server_(std::move(options), std::move(handler)) {
        server_.start();
    }

    http::HttpServer& operator*() noexcept { return server_; }
    http::HttpServer* operator->() noexcept { return &server_; }
    std::uint16_t port() const noexcept { return server_.port(); }
    HttpSocket connect() const { return HttpSocket::connect(server_.port()); }
    std::string url(const std::string& target = "/") const {
        return "http://127.0.0.1:" + std::to_string(server_.port()) + target;
    }

    // Sends bytes on a fresh connection and returns all that comes back until it is closed.
    std::string raw(std::string_view bytes) const {
        auto socket = connect();
        socket.send(bytes);
        return socket.read_to_end();
    }

private:
    http::HttpServer server_;
};

inline std::string post(const std::string& target, const std::string& body) {
    return "POST " + target +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

inline std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

}  // namespace hermes::test
