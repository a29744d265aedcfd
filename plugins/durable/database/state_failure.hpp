// What went wrong with the database, and how to say it to the operator.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "durable/database/location.hpp"
#include "durable/database/state_error.hpp"

namespace hermes::durable {

// A commit that takes longer counts as one that does not end: WeCom waits 5 s for its answer.
inline constexpr std::chrono::seconds stuck_after{3};

struct StateFailure {
    StateError error = StateError::refused;
    std::string detail;  // the system's or the database's own words, never a credential
};

// For what the database library has no exception of its own.
class StateException : public std::runtime_error {
public:
    StateException(StateError error, const std::string& detail)
        : std::runtime_error(detail), error_(error) {}
    StateError error() const noexcept { return error_; }

private:
    StateError error_;
};

// Why the gateway can't start, and what to do.
std::string explain_open_failure(const Location& location, const StateFailure& failure);
// Why its file cannot be `what`: "created", "written"; `error` is an errno. SQLite itself says no
// more than "unable to open database file".
std::string explain_file_failure(const Location& location, const std::string& what, int error);
// Why it is not the gateway here. `holder` is who is (GatewayHolder).
std::string explain_other_gateway(const Location& location, const std::string& holder);
// Why callbacks are answered 503 now, and until when.
std::string explain_unavailable(const Location& location, const StateFailure& failure);

// The same without path, host and detail: for anyone who reaches the port.
std::string summarize_unavailable(StateError error);

}  // namespace hermes::durable
