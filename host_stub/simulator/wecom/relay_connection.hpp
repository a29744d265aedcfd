// One connection through the relay: bytes both ways, and what a marked answer does to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"

namespace hermes::host::simulator {

enum class Progress {
    waiting,  // for the other side
    ended,    // close the connection
    reset,    // close it with a reset
};

class RelayConnection {
public:
    RelayConnection(base::UniqueFd client, base::UniqueFd server) noexcept
        : client_(std::move(client)), server_(std::move(server)) {}

    int client() const noexcept { return client_.get(); }
    int server() const noexcept { return server_.get(); }
    bool wants_from_client() const noexcept;
    bool wants_from_server() const noexcept;
    bool wants_to_client() const noexcept { return endless_ || !to_client_.empty(); }
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
    void lie_about_length(std::string_view mark);
    void finish();  // the server has said all: what is left goes out, then the end

    base::UniqueFd client_;
    base::UniqueFd server_;
    std::string to_server_;
    std::string to_client_;
    std::string held_;  // of an answer whose head is not complete, or of one that gets halved
    bool between_requests_ = true;
    bool awaiting_head_ = false;
    bool is_tunnel_ = false;  // after 101: no HTTP any more
    bool ends_after_write_ = false;
    bool endless_ = false;
    std::size_t halved_bytes_ = 0;  // of the whole answer; 0: not halved
};

}  // namespace hermes::host::simulator
