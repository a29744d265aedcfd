// Runs a program to its end, with text in and text out, and can be told to give up.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::base {

inline constexpr std::chrono::milliseconds kill_grace{2'000};

struct ChildOptions {
    std::vector<std::string> command{};      // looked up in PATH, or relative to `folder`
    std::string folder{};                    // to run in; empty: where we are
    std::vector<std::string> environment{};  // KEY=VALUE
    std::string input{};                     // its stdin, then the end of file
    std::chrono::milliseconds timeout{0};
    std::chrono::milliseconds grace{kill_grace};  // between SIGTERM and SIGKILL
    std::size_t output_bytes_max = 0;             // more on its stdout is a failure
    // Is given each line of its stdout, without the line end, as soon as it is there; then there is
    // no ChildResult::output. On the calling thread.
    std::function<void(std::string_view line)> on_line{};
    std::optional<rlimit> descriptors{};  // its limit of open files, if it is not to be ours
};

struct ChildResult {
    enum class End {
        exited,         // `status` is its exit status
        signalled,      // `status` is the signal
        not_started,    // `problem` says why
        no_resources,   // not started either: no descriptor, memory or process was to be had
        timed_out,      // killed, as in the following two
        cancelled,      // by the stop token
        too_much_said,  // more than output_bytes_max
    };

    End end = End::not_started;
    int status = 0;
    std::string output{};
    std::string errors{};           // the end of its stderr
    std::string last_error_line{};  // of that
    std::string problem{};
};

// Blocks until the program has ended. It runs in a process group of its own, which is killed as a
// whole on a timeout or a stop: first politely (SIGTERM), then, after `grace`, for sure.
ChildResult run_child(const ChildOptions& options, const std::stop_token& stop);

}  // namespace hermes::base
