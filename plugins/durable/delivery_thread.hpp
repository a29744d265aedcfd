// The one thread on which replies are delivered: tasks in order, timers by the steady clock.
//
// The clock is passed in, so that tests can let an hour pass; that is noticed within a second.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.hpp"

namespace hermes::durable {

class DeliveryThread {
public:
    using Task = std::function<void()>;

    explicit DeliveryThread(base::SteadyClock clock);
    ~DeliveryThread();  // as stop()
    DeliveryThread(const DeliveryThread&) = delete;
    DeliveryThread& operator=(const DeliveryThread&) = delete;

    base::SteadyTime now() const { return clock_(); }

    // False after stop: then the task is gone and will not run.  [any]
    bool post(Task task);
    void post_at(base::SteadyTime when, Task task);  // [any]

    // Runs the tasks that have been posted, forgets the timers, joins. Not to be called on this
    // thread.
    void stop() noexcept;

private:
    class Impl;
    base::SteadyClock clock_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::durable
