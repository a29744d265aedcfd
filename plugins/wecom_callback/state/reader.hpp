// A connection for reading that threads share: a read is a row or a page of rows, so nobody waits
// long. Makes the connection anew after a failure.
#pragma once

#include <chrono>
#include <exception>
#include <mutex>
#include <type_traits>

#include "protocol/callback_error.hpp"
#include "state/database.hpp"

namespace hermes::wecom {

class Reader {
public:
    explicit Reader(const Location& location) : database_(location) {}

    // What `read(Database&)` returns. After a failure once more on a new connection; while there is
    // none to be had, a failure at once for a second.  [any]
    template <typename Read>
    Result<std::invoke_result_t<Read&, Database&>> read(Read read) {
        const std::lock_guard lock(mutex_);
        if (database_.is_open()) {
            try {
                return read(database_);
            } catch (const std::exception&) {
                connect_at_ = {};
            }
        }
        if (std::chrono::steady_clock::now() < connect_at_) {
            return failure_.error;
        }
        try {
            database_.reconnect();
            return read(database_);
        } catch (const std::exception& error) {
            failure_ = database_.diagnose(error);
            connect_at_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
            return failure_.error;
        }
    }

    // The database can be reached again, as another connection has found.  [any]
    void reconnect_now() {
        const std::lock_guard lock(mutex_);
        connect_at_ = {};
    }

    // Why the last read failed.
    StateFailure failure() const {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    mutable std::mutex mutex_;
    Database database_;
    StateFailure failure_;
    std::chrono::steady_clock::time_point connect_at_;
};

}  // namespace hermes::wecom
