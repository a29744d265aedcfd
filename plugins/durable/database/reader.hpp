// A connection for reading that threads share: a read is a row or a page of rows, so nobody waits
// long. Makes the connection anew after a failure, and gives up one on which a read does not end.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <type_traits>

#include "base/result.hpp"
#include "durable/database/database.hpp"
#include "durable/database/under_way.hpp"

namespace hermes::durable {

// No read takes so long on a connection that works.
inline constexpr std::chrono::seconds read_patience{5};

class Reader {
public:
    explicit Reader(const Location& location) : database_(location) {}

    // What `how(Database&)` returns. After a failure once more on a new connection; while there is
    // none to be had, a failure at once for a second; after stop() always.  [any]
    template <typename Read>
    base::Result<std::invoke_result_t<Read&, Database&>> read(Read how) {
        const std::lock_guard lock(mutex_);
        const auto read_now = [&] {
            const UnderWay::Call call(under_way_);
            return how(database_);
        };
        if (stopped_) {
            return StateError::stopped;
        }
        if (database_.is_open()) {
            try {
                return read_now();
            } catch (const std::exception&) {
                connect_at_ = Ticks(0);
            }
        }
        if (stopped_) {
            return StateError::stopped;
        }
        if (now() < connect_at_.load()) {
            return failure_.error;
        }
        try {
            database_.reconnect();
            return read_now();
        } catch (const std::exception& error) {
            failure_ = database_.diagnose(error);
            connect_at_ = now() + std::chrono::seconds(1);
            return failure_.error;
        }
    }

    // The database can be reached again, as another connection has found.  [any]
    void reconnect_now() noexcept { connect_at_ = Ticks(0); }

    // Begins no read any more, nor makes the connection anew.  [any]
    void stop() noexcept { stopped_ = true; }
    // A read that is under way on a database server fails now.  [any]
    void interrupt() noexcept { database_.interrupt(); }
    // The same if it takes too long, and to a connection that is not made in time. To be called now
    // and then.  [any]
    void watch() noexcept {
        database_.watch();
        if (under_way_.time() > read_patience) {
            interrupt();
        }
    }

    // Why the last read failed.
    StateFailure failure() const {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    using Ticks = std::chrono::steady_clock::duration;

    static Ticks now() noexcept { return std::chrono::steady_clock::now().time_since_epoch(); }

    mutable std::mutex mutex_;
    Database database_;
    StateFailure failure_;
    // Not under mutex_, which is held as long as a read takes.
    std::atomic<Ticks> connect_at_{Ticks(0)};
    UnderWay under_way_;
    std::atomic<bool> stopped_{false};
};

}  // namespace hermes::durable
