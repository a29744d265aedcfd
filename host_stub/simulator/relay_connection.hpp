// One connection through the relay: bytes both ways, and what a marked answer does to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hermes::host::simulator {

// A file descriptor, closed with its owner.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor();

    int get() const noexcept { return fd_; }
    bool open() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

enum class Progress {
    waiting,  // for the other side
    ended,    // close the connection
    reset,    // close it with a reset
};

class RelayConnection {
public:
    RelayConnection(Descriptor client, Descriptor server) noexcept
        : client_(std::move(client)), server_(std::move(server)) {}

    int client() const noexcept { return client_.get(); }
    int server() const noexcept { return server_.get(); }
    bool wants_from_client() const noexcept;
    bool wants_from_server() const noexcept;
    bool wants_to_client() const noexcept { return !to_client_.empty(); }
    bool wants_to_server() const noexcept { return !to_server_.empty(); }

    // Whether the next bytes from the client begin a request.
    bool between_requests() const noexcept { return between_requests_; }

    // Each is called when its descriptor is ready.
    Progress read_client();
    Progress read_server();
    Progress write_client();
    Progress write_server();

private:
    Progress take_answer(std::string_view bytes);
    Progress examine_head();
    void halve(std::size_t head_bytes);
    void finish();  // the server has said all: what is left goes out, then the end

    Descriptor client_;
    Descriptor server_;
    std::string to_server_;
    std::string to_client_;
    std::string held_;  // of an answer whose head is not complete, or of one that gets halved
    bool between_requests_ = true;
    bool awaiting_head_ = false;
    bool is_tunnel_ = false;   // after 101: no HTTP any more
    bool is_hanging_ = false;  // pass nothing any more
    bool ends_after_write_ = false;
    std::size_t halved_bytes_ = 0;  // of the whole answer; 0: not halved
};

}  // namespace hermes::host::simulator
