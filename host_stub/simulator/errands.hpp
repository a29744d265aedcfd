// What takes long and is nobody's turn: each errand has a thread of its own and can be told to
// stop.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace hermes::host::simulator {

class Errands {
public:
    // It returns soon after a stop is requested, and throws nothing.
    using Errand = std::function<void(std::stop_token stop)>;

    explicit Errands(std::size_t at_once_max) : at_once_max_(at_once_max) {}
    ~Errands() { stop(); }
    Errands(const Errands&) = delete;
    Errands& operator=(const Errands&) = delete;

    // False if as many are under way as may be, or after stop: it does not run then.  [any]
    bool begin(Errand errand, std::string name = {});

    // Tells those of that name to stop, and does not wait for them.  [any]
    void stop(std::string_view name);

    // Tells all to stop, and waits for them. May be called twice; not from an errand.
    void stop() noexcept;

private:
    struct Running {
        std::string name{};
        std::jthread thread{};
        bool is_done = false;
    };

    const std::size_t at_once_max_;
    std::mutex mutex_;
    std::list<Running> running_;
    bool stopping_ = false;
};

}  // namespace hermes::host::simulator
