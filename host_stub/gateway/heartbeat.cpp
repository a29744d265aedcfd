#include "gateway/heartbeat.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

namespace hermes::host {
namespace {

// Who has not come round yet. Shared with those who are asked: one may be very late.
class Round {
public:
    explicit Round(const std::vector<PulseSource>& sources) {
        for (const auto& source : sources) {
            missing_.insert(source.name);
        }
    }

    void felt(const std::string& name) {
        const std::lock_guard lock(mutex_);
        missing_.erase(name);
        changed_.notify_all();
    }

    // False: somebody is missing still.
    bool wait(const std::stop_token& stop, std::chrono::microseconds time) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, stop, time, [this] { return missing_.empty(); });
    }

    std::string missing() {
        const std::lock_guard lock(mutex_);
        std::string names;
        for (const auto& name : missing_) {
            names += (names.empty() ? "" : ", ") + name;
        }
        return names;
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<std::string> missing_;
};

}  // namespace

Heartbeat::Heartbeat(std::vector<PulseSource> sources, std::chrono::microseconds interval,
                     std::function<void()> beat, Log& log)
    : sources_(std::move(sources)),
      interval_(interval),
      beat_(std::move(beat)),
      log_(log),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Heartbeat::run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any pause;
    while (all_come_round(stop)) {
        beat_();
        std::unique_lock lock(mutex);
        pause.wait_for(lock, stop, interval_, [] { return false; });
    }
}

// False: the wait was ended.
bool Heartbeat::all_come_round(const std::stop_token& stop) {
    const auto round = std::make_shared<Round>(sources_);
    for (const auto& source : sources_) {
        source.feel([round, name = source.name] { round->felt(name); });
    }
    bool is_told = false;
    while (!round->wait(stop, interval_)) {
        if (stop.stop_requested()) {
            return false;
        }
        if (!std::exchange(is_told, true)) {
            log_.write(
                LogLevel::error, "gateway",
                round->missing() + " hangs: it has not come round for " +
                    std::to_string(
                        std::chrono::duration_cast<std::chrono::seconds>(interval_).count()) +
                    " s, and the service manager is told of no life any more");
        }
    }
    return !stop.stop_requested();
}

}  // namespace hermes::host
