// What everything is compared with: the simplest sensible asynchronous Beast server. It reads a
// request, looks at nothing, and answers 200 `success`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace hermes::bench {

class BareServer {
public:
    explicit BareServer(std::size_t threads = 1);
    ~BareServer();
    BareServer(const BareServer&) = delete;
    BareServer& operator=(const BareServer&) = delete;

    std::uint16_t port() const noexcept;  // on 127.0.0.1

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::bench
