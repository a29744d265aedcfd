// One thread that runs things later, in order.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace hermes::host::simulator {

class Scheduler {
public:
    using Task = std::function<void()>;

    Scheduler();
    ~Scheduler();  // as stop()
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Tasks that are due at the same time run in the order of these calls. A task must not block.
    // After stop the task runs at once, on the calling thread.  [any]
    void after(std::chrono::milliseconds delay, Task task);
    void post(Task task) { after(std::chrono::milliseconds(0), std::move(task)); }

    // Runs what is waiting without waiting for its time, then joins the thread: every task runs
    // once, whatever happens. May be called twice; not from a task.
    void stop() noexcept;

private:
    void run();

    using Due = std::pair<std::chrono::steady_clock::time_point, std::uint64_t>;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<Due, Task> tasks_;
    std::uint64_t last_number_ = 0;
    bool stopping_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace hermes::host::simulator
