// A blocking TCP connection that speaks HTTP as badly as a test wants.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

struct RawMessage {
    std::string head;  // up to and with the empty line
    std::string body;

    // The value of a header field, lower-case names only; empty if absent.
    std::string field(std::string_view name) const;
    int status() const;  // of a response
};

enum class BodyRule { by_length, none };  // `none`: the answer to HEAD

class HttpSocket {
public:
    explicit HttpSocket(int descriptor);

    // To loopback; nothing if it is refused.
    static std::optional<HttpSocket> try_connect(std::uint16_t port);
    static HttpSocket connect(std::uint16_t port);  // throws if it is refused

    // False if the other side has closed.
    bool send(std::string_view bytes);
    void finish_sending();
    void close();
    void reset();  // closes so that the other side gets an error, not an end

    // Each waits at most `patience` and returns nothing if the end comes first.
    std::optional<RawMessage> read_message(BodyRule rule = BodyRule::by_length);
    std::optional<std::string> read_head();
    std::optional<std::string> read_bytes(std::size_t count);
    std::string read_to_end();

    // Whether the other side closes, without another byte, in time.
    bool ends(std::chrono::milliseconds wait = patience);

    int descriptor() const noexcept { return descriptor_.get(); }

private:
    bool read_more(std::chrono::milliseconds wait);

    base::UniqueFd descriptor_;
    std::string unread_;
};

}  // namespace hermes::test
