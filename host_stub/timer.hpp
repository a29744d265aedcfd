// Calls a function at a later time, on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace hermes::host {

class Timer {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Id = std::uint64_t;

    Timer();
    ~Timer() { stop(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    // `call` must return soon and must not throw. After stop nothing is taken.  [any]
    Id at(Time time, std::function<void()> call);

    // Does nothing if the call is already being made, or has been.  [any]
    void cancel(Id id);

    // Drops what is not due yet and joins the thread. Not to be called from a call.
    void stop() noexcept;

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopped_ = false;
    Id last_id_ = 0;
    std::map<std::pair<Time, Id>, std::function<void()>> calls_{};
    std::map<Id, Time> times_{};
    std::thread thread_{};  // last: it uses what is above
};

}  // namespace hermes::host
