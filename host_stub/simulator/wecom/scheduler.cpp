#include "simulator/wecom/scheduler.hpp"

namespace hermes::host::simulator {

Scheduler::Scheduler() : thread_([this] { run(); }) {}

Scheduler::~Scheduler() {
    stop();
}

void Scheduler::after(std::chrono::milliseconds delay, Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopped_) {
            tasks_.emplace(Due{std::chrono::steady_clock::now() + delay, ++last_number_},
                           std::move(task));
            changed_.notify_one();
            return;
        }
    }
    task();
}

void Scheduler::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Scheduler::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        if (tasks_.empty()) {
            if (stopping_) {
                stopped_ = true;
                return;
            }
            changed_.wait(lock);
            continue;
        }
        const auto due = tasks_.begin()->first.first;
        if (!stopping_ && due > std::chrono::steady_clock::now()) {
            changed_.wait_until(lock, due);
            continue;
        }
        const auto task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        lock.unlock();
        task();
        lock.lock();
    }
}

}  // namespace hermes::host::simulator
