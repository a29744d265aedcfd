// For how long a call that may not return has been under way, as another thread sees it.
#pragma once

#include <atomic>
#include <chrono>

namespace hermes::durable {

class UnderWay {
public:
    using Duration = std::chrono::steady_clock::duration;

    // From its making to its end.
    class Call {
    public:
        explicit Call(UnderWay& owner) noexcept : owner_(owner) { owner_.since_ = now(); }
        ~Call() { owner_.since_ = Duration(0); }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

    private:
        UnderWay& owner_;
    };

    // 0: none is.  [any]
    Duration time() const noexcept {
        const auto since = since_.load(std::memory_order_relaxed);
        return since == Duration(0) ? since : now() - since;
    }

private:
    static Duration now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

    std::atomic<Duration> since_{Duration(0)};
};

}  // namespace hermes::durable
