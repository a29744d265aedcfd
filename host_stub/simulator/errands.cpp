#include "simulator/errands.hpp"

#include <utility>

namespace hermes::host::simulator {

bool Errands::begin(Errand errand, std::string name) {
    const std::lock_guard lock(mutex_);
    // Joins those that are as good as over.
    std::erase_if(running_, [](const Running& running) { return running.is_done; });
    if (stopping_ || running_.size() >= at_once_max_) {
        return false;
    }
    auto& running = running_.emplace_back();
    running.name = std::move(name);
    running.thread =
        std::jthread([this, &running, errand = std::move(errand)](std::stop_token stop) {
            errand(std::move(stop));
            const std::lock_guard done(mutex_);
            running.is_done = true;
        });
    return true;
}

void Errands::stop(std::string_view name) {
    const std::lock_guard lock(mutex_);
    for (auto& running : running_) {
        if (running.name == name && !running.is_done) {
            running.thread.request_stop();
        }
    }
}

void Errands::stop() noexcept {
    std::list<Running> last;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (auto& running : running_) {
            running.thread.request_stop();
        }
        last.swap(running_);  // the nodes stay where they are
    }
    for (auto& running : last) {
        running.thread.join();
    }
}

}  // namespace hermes::host::simulator
