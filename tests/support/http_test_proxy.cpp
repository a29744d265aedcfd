#include "support/http_test_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

namespace hermes::test {

namespace {

// False at the end.
bool pass_on(int from, int to) {
    std::array<char, 16384> bytes{};
    const auto count = ::recv(from, bytes.data(), bytes.size(), 0);
    return count > 0 && ::send(to, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) > 0;
}

void relay(int client, int server) {
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    while (::poll(ends.data(), ends.size(), -1) > 0) {
        if ((ends[0].revents != 0 && !pass_on(client, server)) ||
            (ends[1].revents != 0 && !pass_on(server, client))) {
            return;
        }
    }
}

}  // namespace

HttpTestProxy::HttpTestProxy(std::string authorization, std::uint16_t port)
    : authorization_(std::move(authorization)),
      server_([this](HttpSocket& client, int) { serve(client); }, port) {}

void HttpTestProxy::serve(HttpSocket& client) {
    const auto request = client.read_message();
    if (!request) {
        return;
    }
    const std::string line = request->head.substr(0, request->head.find("\r\n"));
    requests_.put(line);
    if (request->field("proxy-authorization") != authorization_) {
        client.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    const auto colon = line.rfind(':');
    auto server =
        HttpSocket::try_connect(static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1))));
    if (!server) {
        client.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    client.send("HTTP/1.1 200 Connection established\r\n\r\n");
    relay(client.descriptor(), server->descriptor());
}

}  // namespace hermes::test
