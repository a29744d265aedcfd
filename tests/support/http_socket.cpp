#include "support/http_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "base/ascii.hpp"

namespace hermes::test {

std::string RawMessage::field(std::string_view name) const {
    const auto lower = base::lower(head);
    const std::string key = "\r\n" + std::string(name) + ": ";
    const auto at = lower.find(key);
    if (at == std::string::npos) {
        return "";
    }
    const auto begin = at + key.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

int RawMessage::status() const {
    return head.size() > 12 && head.starts_with("HTTP/1.1 ") ? std::stoi(head.substr(9, 3)) : 0;
}

HttpSocket::HttpSocket(int descriptor) : descriptor_(descriptor) {}

std::optional<HttpSocket> HttpSocket::try_connect(std::uint16_t port) {
    HttpSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.descriptor(), reinterpret_cast<sockaddr*>(&address), sizeof address) !=
        0) {
        return std::nullopt;
    }
    return socket;
}

HttpSocket HttpSocket::connect(std::uint16_t port) {
    auto socket = try_connect(port);
    if (!socket) {
        throw std::runtime_error("connection refused");
    }
    return std::move(*socket);
}

bool HttpSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void HttpSocket::finish_sending() {
    ::shutdown(descriptor(), SHUT_WR);
}

void HttpSocket::close() {
    descriptor_.reset();
}

void HttpSocket::reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

std::optional<RawMessage> HttpSocket::read_message(BodyRule rule) {
    auto head = read_head();
    if (!head) {
        return std::nullopt;
    }
    RawMessage message;
    message.head = std::move(*head);
    const std::string length = message.field("content-length");
    if (rule == BodyRule::by_length && !length.empty()) {
        auto body = read_bytes(std::stoul(length));
        if (!body) {
            return std::nullopt;
        }
        message.body = std::move(*body);
    }
    return message;
}

std::optional<std::string> HttpSocket::read_head() {
    std::size_t end = unread_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!read_more(patience)) {
            return std::nullopt;
        }
        end = unread_.find("\r\n\r\n");
    }
    return read_bytes(end + 4);
}

std::optional<std::string> HttpSocket::read_bytes(std::size_t count) {
    while (unread_.size() < count) {
        if (!read_more(patience)) {
            return std::nullopt;
        }
    }
    std::string bytes = unread_.substr(0, count);
    unread_.erase(0, count);
    return bytes;
}

std::string HttpSocket::read_to_end() {
    while (read_more(patience)) {
    }
    return std::exchange(unread_, "");
}

bool HttpSocket::ends(std::chrono::milliseconds wait) {
    pollfd waiting{descriptor(), POLLIN, 0};
    return unread_.empty() && ::poll(&waiting, 1, static_cast<int>(wait.count())) > 0 &&
           !read_more(wait);
}

bool HttpSocket::read_more(std::chrono::milliseconds wait) {
    pollfd waiting{descriptor(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(wait.count())) <= 0) {
        return false;
    }
    std::array<char, 65536> bytes{};
    const auto count = ::recv(descriptor(), bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        return false;
    }
    unread_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

}  // namespace hermes::test
