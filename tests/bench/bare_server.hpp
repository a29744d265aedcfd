// What everything is compared with: the simplest sensible asynchronous Beast server. It reads a
// request, looks at nothing, and answers 200 with what it was given, at once or after a while.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace hermes::bench {

class BareServer {
public:
    explicit BareServer(std::size_t threads = 1, std::string answer = "success",
                        std::chrono::milliseconds delay = {});
    ~BareServer();
    BareServer(const BareServer&) = delete;
    BareServer& operator=(const BareServer&) = delete;

    std::uint16_t port() const noexcept;  // on 127.0.0.1
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::bench
