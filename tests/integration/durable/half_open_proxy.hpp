// A TCP proxy whose connections can be cut off on the client's side only: the server is not told,
// as when a firewall forgets a connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace hermes::test {

class HalfOpenProxy {
public:
    explicit HalfOpenProxy(std::uint16_t server_port);
    ~HalfOpenProxy();
    HalfOpenProxy(const HalfOpenProxy&) = delete;
    HalfOpenProxy& operator=(const HalfOpenProxy&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    // Of all connections that there are. New ones go through.
    void forget_clients();
    // The same, but nobody is told: nothing passes any more.
    void freeze();

private:
    enum class Fate { passes, forgotten, frozen };
    struct Pair {
        int client = -1;
        int server = -1;
        Fate fate = Fate::passes;
    };

    void run();
    void take_new(std::uint16_t server_port);
    static bool pass(int from, int to);

    std::uint16_t server_port_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::atomic<bool> ending_{false};
    std::mutex mutex_;
    std::vector<Pair> pairs_;  // under mutex_
    std::thread thread_;
};

}  // namespace hermes::test
