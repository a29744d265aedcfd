// A TCP proxy to a database whose connections can be cut off on the client's side only, so that the
// server is not told, as when a firewall forgets a connection; or without telling anybody.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hermes::test {

class HalfOpenProxy {
public:
    // `url`: of the server, with its port.
    explicit HalfOpenProxy(const std::string& url);
    ~HalfOpenProxy();
    HalfOpenProxy(const HalfOpenProxy&) = delete;
    HalfOpenProxy& operator=(const HalfOpenProxy&) = delete;

    // Of the same, through here.
    const std::string& url() const noexcept { return url_; }
    // Of all connections that there are. New ones go through.
    void forget_clients();
    // The same, but nobody is told: nothing passes any more.
    void freeze();
    // That befalls new ones too, until resume(): then those have ended, and new ones go through.
    void silence();
    void resume();
    // That befalls each connection, of now or later, whose client says these words; they are the
    // first that do not pass.
    void freeze_at(std::string words);
    // How many connections that has befallen by now.
    std::size_t frozen() const;

private:
    enum class Fate { passes, forgotten, frozen };
    struct Pair {
        int client = -1;
        int server = -1;
        Fate fate = Fate::passes;
    };

    void run();
    void take_new();
    bool is_frozen_by(int from) const;
    static bool pass(int from, int to);

    std::string url_;
    std::uint16_t server_port_;
    int listener_ = -1;
    std::atomic<bool> ending_{false};
    mutable std::mutex mutex_;
    bool is_silent_ = false;  // under mutex_, as is what follows
    std::vector<Pair> pairs_;
    std::string last_words_;  // empty: none
    std::thread thread_;
};

}  // namespace hermes::test
