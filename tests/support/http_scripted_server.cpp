#include "support/http_scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace hermes::test {

HttpScriptedServer::HttpScriptedServer(Script script, std::uint16_t port)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const int on = 1;  // also while connections of an earlier server linger
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept(); });
}

HttpScriptedServer::~HttpScriptedServer() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        for (const int descriptor : descriptors_) {
            ::shutdown(descriptor, SHUT_RDWR);
        }
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& thread : threads_) {
        thread.join();
    }
    ::close(listener_);
}

std::string HttpScriptedServer::url(const std::string& target) const {
    return "http://" + address() + target;
}

int HttpScriptedServer::connections() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

void HttpScriptedServer::accept() {
    for (;;) {
        const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) {
            return;
        }
        const std::lock_guard lock(mutex_);
        if (ending_) {
            ::close(descriptor);
            return;
        }
        descriptors_.push_back(descriptor);
        const int number = ++count_;
        threads_.emplace_back([this, descriptor, number] {
            HttpSocket connection(descriptor);
            script_(connection, number);
            const std::lock_guard closing(mutex_);
            std::erase(descriptors_, descriptor);
            connection.close();
        });
    }
}

std::string http_ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace hermes::test
