// Things that happen on other threads, waited for and never slept for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace hermes::test {

// How long a test waits for something that should happen at once. Only a failure takes this long.
inline constexpr std::chrono::seconds patience{20};

// Whether it comes true in time. By looking again and again, for what tells nobody when it happens:
// a table, a page, another process. Between two looks the processor is theirs.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = patience) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

// Values that other threads report, taken by the test in order.
template <typename T>
class Mailbox {
public:
    void put(T value) {
        const std::lock_guard lock(mutex_);
        values_.push_back(std::move(value));
        changed_.notify_all();  // locked: whoever takes the value may destroy this at once
    }

    // The next value, or nothing if none comes in time.
    std::optional<T> take(std::chrono::milliseconds wait = patience) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, wait, [this] { return !values_.empty(); })) {
            return std::nullopt;
        }
        std::optional<T> value(std::move(values_.front()));
        values_.pop_front();
        return value;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return values_.size();
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<T> values_;
};

}  // namespace hermes::test
