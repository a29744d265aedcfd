// A connection for reading that threads share: a read is a row or a page of rows, so nobody waits
// long. Makes the connection anew after a failure.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "protocol/callback_error.hpp"
#include "state/database.hpp"

namespace hermes::wecom {

class Reader {
public:
    explicit Reader(const Location& location) : database_(location) {}

    // What `read(Database&)` returns. After a failure once more on a new connection.  [any]
    template <typename Read>
    Result<std::invoke_result_t<Read&, Database&>> read(Read read) {
        const std::lock_guard lock(mutex_);
        try {
            return read(database_);
        } catch (const std::exception&) {
        }
        try {
            database_.reconnect();
            return read(database_);
        } catch (const std::exception& error) {
            failure_ = database_.diagnose(error);
            return failure_.error;
        }
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
};

}  // namespace hermes::wecom
