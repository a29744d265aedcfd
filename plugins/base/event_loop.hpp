// One thread that runs tasks, in the order in which they were posted, and timers.
//
// What lives on a loop needs no lock: it is touched by tasks of that loop alone. A task may post to
// this loop and to others; it must not wait for what only this loop can do. What a task holds is
// destroyed on the loop's thread once it has run, or by whoever posts it or stops the loop; never
// while the loop holds its lock, so a destructor may post, too.
//
// The clock is passed in, so that a test can let an hour pass; that is noticed within a second.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/move_only_function.hpp"

namespace hermes::base {

class EventLoop {
public:
    using Task = MoveOnlyFunction<void()>;

    // Names a timer of this loop; one that has run or was cancelled is never named again.
    struct TimerId {
        SteadyTime when{};
        std::uint64_t serial = 0;  // 0: no timer
        auto operator<=>(const TimerId&) const = default;
    };

    explicit EventLoop(SteadyClock clock = steady_clock());
    ~EventLoop();  // as stop()
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    SteadyTime now() const { return clock_(); }
    bool is_this_thread() const noexcept { return std::this_thread::get_id() == thread_.get_id(); }

    // False once the loop stops: then the task is gone and will not run.  [any]
    bool post(Task task);
    // Ready once what has been posted by now has run, or at once if the loop has stopped: to be
    // waited for, not got, and not on the loop's thread.  [any]
    std::future<void> reached();
    // Runs the task when it is that late, after what has been posted by then; not at all if the
    // loop stops before.  [any]
    TimerId at(SteadyTime when, Task task);
    // The task will not run, unless its time has come already. Unknown ids are ignored.  [any]
    void cancel(TimerId timer) noexcept;

    // Runs the tasks that have been posted, forgets the timers, joins. May be called again. Not on
    // the loop's thread.
    void stop() noexcept;

private:
    using Timers = std::map<TimerId, Task>;

    void run();
    void take_due_timers();
    SteadyTime::duration wait_time() const;

    SteadyClock clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    // All below under mutex_.
    std::vector<Task> tasks_;
    Timers timers_;
    std::uint64_t serial_ = 0;
    bool stopping_ = false;

    std::mutex stop_mutex_;  // held while the thread is joined
    std::thread thread_;     // last: it uses all of the above
};

}  // namespace hermes::base
