// Tells members who wait that they are not forgotten: an interim message after a while, and again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/event_loop.hpp"
#include "hermes/platform_adapter.hpp"

namespace hermes::host {

struct SignOfLifeOptions {
    std::chrono::milliseconds after{0};  // 0: never
    std::chrono::milliseconds every{0};  // 0: only once
};

class SignOfLife {
public:
    // What to say now; nothing if there is nothing to wait for any more.  [timer]
    using Words = std::function<std::optional<std::string>()>;
    enum class Repeat { no, yes };

    // `timer` outlives this, and has stopped before this goes.
    SignOfLife(base::EventLoop& timer, SignOfLifeOptions options)
        : timer_(timer), options_(options) {}

    // From now on, in place of what was watched of this event before. `adapter` stays until forget
    // has returned, or the timer has stopped.  [any]
    void watch(PlatformAdapter& adapter, const MessageEvent& event, Repeat repeat, Words words);
    // Nothing more is said about the event. What is being said has been, when this returns: an
    // answer never comes before it.  [any but the timer]
    void forget(const PlatformAdapter& adapter, const MessageEvent& event);

private:
    using Key = std::pair<const PlatformAdapter*, EventId>;
    struct Watched {
        base::EventLoop::TimerId timer{};
        base::SteadyTime due{};
        PlatformAdapter* adapter = nullptr;
        OutboundMessage message{};  // but for its text
        Repeat repeat = Repeat::no;
        Words words{};
    };

    void say(const Key& key);
    void set_timer(Watched& watched, std::chrono::milliseconds time, const Key& key);

    base::EventLoop& timer_;
    const SignOfLifeOptions options_;
    std::mutex mutex_;
    std::condition_variable said_;
    std::map<Key, Watched> watched_;
    std::optional<Key> saying_;
};

}  // namespace hermes::host
