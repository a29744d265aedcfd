#include "durable/delivery_thread.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace hermes::durable {

namespace {
constexpr std::chrono::seconds longest_wait{
    1};  // how late it is noticed that a test has moved the clock
}

class DeliveryThread::Impl {
public:
    explicit Impl(base::SteadyClock clock) : clock_(std::move(clock)), thread_([this] { run(); }) {}

    bool post(Task task) {
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

    void post_at(base::SteadyTime when, Task task) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) {
                return;
            }
            timers_.emplace(when, std::move(task));
        }
        changed_.notify_one();
    }

    void stop() noexcept {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_one();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            if (tasks_.empty() && !stopping_) {
                take_due_timers();
            }
            if (!tasks_.empty()) {
                const auto task = std::move(tasks_.front());
                tasks_.pop_front();
                lock.unlock();
                task();
                lock.lock();
            } else if (stopping_) {
                return;
            } else {
                changed_.wait_for(lock, wait_time());
            }
        }
    }

    void take_due_timers() {
        const auto due = timers_.upper_bound(clock_());
        for (auto timer = timers_.begin(); timer != due; ++timer) {
            tasks_.push_back(std::move(timer->second));
        }
        timers_.erase(timers_.begin(), due);
    }

    std::chrono::nanoseconds wait_time() const {
        std::chrono::nanoseconds wait = longest_wait;
        if (!timers_.empty()) {
            wait = std::min<std::chrono::nanoseconds>(wait, timers_.begin()->first - clock_());
        }
        return wait;
    }

    base::SteadyClock clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> tasks_;
    std::multimap<base::SteadyTime, Task> timers_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all of the above
};

DeliveryThread::DeliveryThread(base::SteadyClock clock)
    : clock_(clock), impl_(std::make_unique<Impl>(std::move(clock))) {}

DeliveryThread::~DeliveryThread() {
    stop();
}

bool DeliveryThread::post(Task task) {
    return impl_->post(std::move(task));
}

void DeliveryThread::post_at(base::SteadyTime when, Task task) {
    impl_->post_at(when, std::move(task));
}

void DeliveryThread::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::durable
