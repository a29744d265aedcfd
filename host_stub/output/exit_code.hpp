// How a command ended, as its exit status.
#pragma once

#include <stdexcept>
#include <string_view>

namespace hermes::host {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failure = 1;  // something went wrong at run time
inline constexpr int exit_differs = 1;  // of `config diff`, as diff(1) has it
inline constexpr int exit_usage = 2;    // wrong usage or configuration: trying again won't help

// Begins a line on stderr that says why. The first says it best: the last may only count them.
inline constexpr std::string_view error_mark = "error: ";

// Thrown where a command finds that it has been called wrongly; the message is one line.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What `read` returns; what it can't read, its caller has to mend.
template <typename Read>
auto read_or_usage_error(Read read) {
    try {
        return read();
    } catch (const std::runtime_error& problem) {
        throw UsageError(problem.what());
    }
}

}  // namespace hermes::host
