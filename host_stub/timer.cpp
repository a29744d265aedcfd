#include "timer.hpp"

namespace hermes::host {

Timer::Timer() : thread_([this] { run(); }) {}

Timer::Id Timer::at(Time time, std::function<void()> call) {
    Id id = 0;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) {
            return 0;
        }
        id = ++last_id_;
        calls_.emplace(std::pair(time, id), std::move(call));
        times_.emplace(id, time);
    }
    changed_.notify_one();
    return id;
}

void Timer::cancel(Id id) {
    const std::lock_guard lock(mutex_);
    const auto found = times_.find(id);
    if (found != times_.end()) {
        calls_.erase({found->second, id});
        times_.erase(found);
    }
}

void Timer::stop() noexcept {
    std::map<std::pair<Time, Id>, std::function<void()>> dropped;  // destroyed without the lock
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        dropped.swap(calls_);
        times_.clear();
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Timer::run() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        if (calls_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const auto [time, id] = calls_.begin()->first;
        if (std::chrono::steady_clock::now() < time) {
            changed_.wait_until(lock, time);
            continue;
        }
        auto call = std::move(calls_.begin()->second);
        calls_.erase(calls_.begin());
        times_.erase(id);
        lock.unlock();
        call();
        call = nullptr;  // what it holds goes without the lock, too
        lock.lock();
    }
}

}  // namespace hermes::host
