#include "base/event_loop.hpp"

#include <algorithm>
#include <chrono>

namespace hermes::base {

namespace {

// How late it is noticed that a test has moved the clock.
constexpr std::chrono::seconds longest_wait{1};

}  // namespace

EventLoop::EventLoop(SteadyClock clock) : clock_(std::move(clock)), thread_([this] { run(); }) {}

EventLoop::~EventLoop() {
    stop();
}

bool EventLoop::post(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return false;
        }
        tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
    return true;
}

std::future<void> EventLoop::reached() {
    std::promise<void> reached;
    auto future = reached.get_future();
    post([reached = std::move(reached)]() mutable { reached.set_value(); });
    return future;
}

EventLoop::TimerId EventLoop::at(SteadyTime when, Task task) {
    TimerId timer;
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return timer;
        }
        timer = {when, ++serial_};
        timers_.emplace(timer, std::move(task));
        first = timers_.begin()->first == timer;
    }
    if (first) {
        changed_.notify_one();
    }
    return timer;
}

void EventLoop::cancel(TimerId timer) noexcept {
    Timers::node_type cancelled;  // destroyed after the lock
    const std::lock_guard lock(mutex_);
    cancelled = timers_.extract(timer);
}

void EventLoop::stop() noexcept {
    const std::lock_guard one_at_a_time(stop_mutex_);
    Timers forgotten;  // destroyed last, without the lock
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        forgotten.swap(timers_);
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void EventLoop::run() {
    std::vector<Task> due;
    std::unique_lock lock(mutex_);
    while (true) {
        take_due_timers();
        if (!tasks_.empty()) {
            due.swap(tasks_);  // whoever posts meets no lock for each of them
            lock.unlock();
            for (auto& task : due) {
                task();
                task = nullptr;
            }
            due.clear();
            lock.lock();
        } else if (stopping_) {
            return;
        } else {
            changed_.wait_for(lock, wait_time());
        }
    }
}

void EventLoop::take_due_timers() {
    const auto due = timers_.upper_bound(TimerId{clock_(), UINT64_MAX});
    for (auto timer = timers_.begin(); timer != due; ++timer) {
        tasks_.push_back(std::move(timer->second));
    }
    timers_.erase(timers_.begin(), due);
}

SteadyTime::duration EventLoop::wait_time() const {
    SteadyTime::duration wait = longest_wait;
    if (!timers_.empty()) {
        wait = std::min(wait, timers_.begin()->first.when - clock_());
    }
    return wait;
}

}  // namespace hermes::base
