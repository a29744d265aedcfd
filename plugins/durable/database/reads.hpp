// Reads that nobody waits for: one after the other on a thread of their own, the answer as a task
// of the loop on which whoever asked lives.
#pragma once

#include <memory>
#include <utility>

#include "base/event_loop.hpp"
#include "durable/database/reader.hpp"

namespace hermes::durable {

class Reads {
public:
    // Both outlive this; `loop` is where the answers go.
    Reads(Reader& reader, base::EventLoop& loop) : reader_(reader), loop_(loop) {}
    Reads(const Reads&) = delete;
    Reads& operator=(const Reads&) = delete;

    // Calls `then(base::Result<T>)` on the loop, for the T that `how(Database&)` returns on the
    // reading thread; once, unless the loop stops, and never within this call.  [any]
    template <typename Read, typename Then>
    void read(Read how, Then then) {
        thread_.post([this, how = std::move(how), then = std::move(then)]() mutable {
            loop_.post([answer = reader_.read(std::move(how)), then = std::move(then)]() mutable {
                then(std::move(answer));
            });
        });
    }

    // The read that is under way is given up; what waits and what comes is answered
    // StateError::stopped.
    void stop() noexcept;
    // After stop: when it has returned nothing more is posted to the loop, and reads are ignored.
    void join() noexcept { thread_.stop(); }

private:
    Reader& reader_;
    base::EventLoop& loop_;
    base::EventLoop thread_;  // last: its tasks use all of the above
};

}  // namespace hermes::durable
