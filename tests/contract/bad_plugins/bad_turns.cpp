#include "bad_turns.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "fault.hpp"

namespace {

const char* const only_event = "the event";

[[noreturn]] void wait_for_ever() {
    for (;;) {
        std::this_thread::sleep_for(std::chrono::hours(1));
    }
}

// Not written where it would be seen that begin lets it out.
void throw_something() {
    if (fault == Fault::begin_throws) {
        throw 42;
    }
}

}  // namespace

hermes::MessageEvent Turns::take(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    file_ = folder + "/attempts";
    started_ = running_ = true;
    const bool again = std::ifstream(file_).good();
    hermes::MessageEvent event;
    event.id = {only_event};
    event.platform = "minimal";
    event.text = "hello";
    event.attempt = charged() + 1;
    event.redelivered = again && fault != Fault::hides_redelivery;
    return event;
}

bool Turns::begin(const hermes::EventId& event) {
    throw_something();
    if (fault == Fault::begin_crashes_on_odd_id && event.value.empty()) {
        std::abort();
    }
    std::unique_lock lock(mutex_);
    if (running_ && fault == Fault::stop_waits_for_begin) {
        wait_for_ever();  // with the lock
    }
    if (running_ && fault == Fault::begin_outlasts_stop) {
        lock.unlock();
        wait_for_ever();
    }
    return is_begun(event);
}

bool Turns::is_begun(const hermes::EventId& event) {
    if (!running_) {
        return started_ ? fault == Fault::begins_after_stop : fault == Fault::begins_before_start;
    }
    if (event.value != only_event) {
        return fault == Fault::begins_foreign_event;
    }
    if ((settled_ && fault != Fault::begins_settled_event) || fault == Fault::begins_nothing ||
        (begun_ && fault == Fault::begins_once)) {
        return false;
    }
    if (!begun_) {
        begun_ = true;
        charge(charged() + (fault == Fault::loses_charge ? 0 : 1));
    }
    return true;
}

void Turns::settle(const hermes::EventId& event) {
    const std::lock_guard lock(mutex_);
    settled_ = settled_ || event.value == only_event;
}

void Turns::stop() {
    const std::lock_guard lock(mutex_);
    running_ = false;
    if (begun_ && !settled_ && fault != Fault::keeps_charge_at_stop) {
        charge(charged() - 1);
    }
    begun_ = false;
}

int Turns::charged() const {
    int attempts = 0;
    std::ifstream(file_) >> attempts;
    return attempts;
}

void Turns::charge(int attempts) const {
    std::ofstream(file_) << attempts;
}
