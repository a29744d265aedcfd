#include "simulator/wecom/relay_connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "simulator/wecom/relay.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t buffered_bytes_max = 256UL * 1024;  // each way; beyond it reading pauses
constexpr std::size_t read_bytes = 64UL * 1024;
constexpr std::string_view head_end = "\r\n\r\n";

struct ReadResult {
    std::string bytes;
    bool ended = false;
};

ReadResult read_some(int fd) {
    std::array<char, read_bytes> buffer;
    const auto count = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
        return {.bytes = std::string(buffer.data(), static_cast<std::size_t>(count))};
    }
    const bool would_wait = count < 0 && (errno == EAGAIN || errno == EINTR);
    return {.bytes = {}, .ended = !would_wait};
}

bool write_some(int fd, std::string& bytes) {
    const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    bytes.erase(0, static_cast<std::size_t>(count));
    return true;
}

std::string_view header(std::string_view head, std::string_view name) {
    const auto line = std::string("\r\n").append(name).append(": ");
    const auto at = head.find(line);
    if (at == std::string_view::npos) {
        return {};
    }
    const auto value = head.substr(at + line.size());
    return value.substr(0, value.find("\r\n"));
}

// What is passed on must not tell that this is a simulator. Returns the length of the line.
std::size_t erase_mark(std::string& head, std::string_view mark) {
    const auto line = std::string(connection_mark).append(": ").append(mark).append("\r\n");
    head.erase(head.find(line), line.size());
    return line.size();
}

}  // namespace

bool RelayConnection::wants_from_client() const noexcept {
    return ends_after_write_ || to_server_.size() < buffered_bytes_max;
}

bool RelayConnection::wants_from_server() const noexcept {
    return server_ && to_client_.size() < buffered_bytes_max;
}

Progress RelayConnection::read_client() {
    const auto [bytes, ended] = read_some(client_.get());
    if (ended) {
        return Progress::ended;
    }
    if (!bytes.empty() && server_) {
        between_requests_ = false;
        awaiting_head_ = !is_tunnel_;
        to_server_ += bytes;
    }
    return Progress::waiting;
}

Progress RelayConnection::read_server() {
    const auto [bytes, ended] = read_some(server_.get());
    if (!bytes.empty() && take_answer(bytes) == Progress::ended) {
        return Progress::ended;
    }
    if (ended) {
        finish();
    }
    return ends_after_write_ && to_client_.empty() ? Progress::ended : Progress::waiting;
}

Progress RelayConnection::write_client() {
    if (endless_ && to_client_.empty()) {
        to_client_.assign(read_bytes, '.');
    }
    if (!write_some(client_.get(), to_client_)) {
        return Progress::ended;
    }
    return to_client_.empty() && ends_after_write_ ? Progress::ended : Progress::waiting;
}

Progress RelayConnection::write_server() {
    return write_some(server_.get(), to_server_) ? Progress::waiting : Progress::ended;
}

void RelayConnection::finish() {
    server_.reset();
    to_server_.clear();
    ends_after_write_ = true;
}

Progress RelayConnection::take_answer(std::string_view bytes) {
    between_requests_ = !is_tunnel_;
    if (!awaiting_head_ && halved_bytes_ == 0) {
        to_client_ += bytes;
        return Progress::waiting;
    }
    held_ += bytes;
    if (awaiting_head_ && examine_head() == Progress::ended) {
        return Progress::ended;
    }
    if (halved_bytes_ != 0 && held_.size() >= halved_bytes_) {
        to_client_ = held_.substr(0, halved_bytes_ / 2);
        finish();
    }
    return Progress::waiting;
}

Progress RelayConnection::examine_head() {
    const auto length = held_.find(head_end);
    if (held_.starts_with("HTTP/1.") && length == std::string::npos) {
        return Progress::waiting;  // more of it is to come
    }
    awaiting_head_ = false;
    const auto head = std::string_view(held_).substr(0, length + 2);
    is_tunnel_ = head.starts_with("HTTP/1.1 101 ");
    const auto mark = header(head, connection_mark);
    if (mark == mark_drop) {
        return Progress::ended;
    }
    if (mark == mark_hang) {
        server_.reset();
        to_server_.clear();
    } else if (mark == mark_half) {
        halve(length + head_end.size());
    } else if (mark == mark_wrong_length || mark == mark_endless) {
        lie_about_length(std::string(mark));
    } else {
        to_client_ += held_;
    }
    if (halved_bytes_ == 0) {
        held_.clear();
    }
    return Progress::waiting;
}

void RelayConnection::halve(std::size_t head_bytes) {
    std::size_t body_bytes = 0;
    const auto text = header(std::string_view(held_).substr(0, head_bytes), "Content-Length");
    std::from_chars(text.data(), text.data() + text.size(), body_bytes);
    const auto line_bytes = erase_mark(held_, mark_half);
    halved_bytes_ = head_bytes - line_bytes + body_bytes;
}

void RelayConnection::lie_about_length(std::string_view mark) {
    erase_mark(held_, mark);
    const auto length = header(held_, "Content-Length");
    const auto at = static_cast<std::size_t>(length.data() - held_.data());
    if (mark == mark_wrong_length) {
        held_.insert(at, "9");  // at least ten times as long
    } else {
        constexpr std::string_view name = "Content-Length: ";
        held_.erase(at - name.size(),
                    name.size() + length.size() + std::string_view("\r\n").size());
        endless_ = true;
    }
    to_client_ += held_;
}

}  // namespace hermes::host::simulator
