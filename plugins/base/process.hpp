// A program as a child process: started with nothing of ours open but what it is given, signalled,
// waited for, and never left behind.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace hermes::base {

// What one of a program's three streams is.
class Stream {
public:
    enum class Kind { inherited, null, pipe, as_output, descriptor };
    using enum Kind;

    Stream(Kind kind) noexcept : kind_(kind) {}  // NOLINT(google-explicit-constructor)
    // This file or socket, which stays the caller's.
    explicit Stream(const UniqueFd& file) noexcept : kind_(Kind::descriptor), number_(file.get()) {}

    Kind kind() const noexcept { return kind_; }
    int number() const noexcept { return number_; }  // of a descriptor

private:
    Kind kind_;
    int number_ = -1;
};

struct ProcessOptions {
    std::vector<std::string>
        command{};         // the program first: looked up in PATH, or relative to `folder`
    std::string folder{};  // to run in; empty: where we are
    // KEY=VALUE, all of it; absent: ours.
    std::optional<std::vector<std::string>> environment{};
    Stream input = Stream::null;
    Stream output = Stream::inherited;
    Stream errors = Stream::inherited;  // Stream::as_output: where its output goes
    // It leads a process group: what it starts can be signalled with it, and Ctrl-C in our terminal
    // does not reach it.
    bool leads_group = false;
    int signal_at_our_end = 0;  // sent to it when the thread that started it ends; 0: none
};

// How a program has ended.
struct Ending {
    int status = 0;  // its exit status, unless a signal ended it
    int signal = 0;  // 0: none
    friend bool operator==(const Ending&, const Ending&) = default;
};

class Process {
public:
    // The error is that of the call that failed: no such program or folder, no descriptor left.
    static Result<Process> start(const ProcessOptions& options);

    Process() = default;  // none
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    ~Process() { end_now(); }

    pid_t pid() const noexcept { return pid_; }  // 0: none, or waited for
    explicit operator bool() const noexcept { return pid_ != 0; }
    int ended() const noexcept { return ended_.get(); }  // for poll: readable once it has ended

    // Nothing once it has been waited for. Until then a group's number is not given to another,
    // so that what a program has left behind can be signalled after its end.
    void signal(int number) const noexcept;
    void signal_group(int number) const noexcept;

    Ending wait() noexcept;
    std::optional<Ending> wait_until(SteadyTime deadline) noexcept;  // nothing: it runs still

    // SIGKILL to it, and to its group if it leads one; returns once it has gone.
    void end_now() noexcept;

    // Our ends of its pipes.
    UniqueFd input{};
    UniqueFd output{};
    UniqueFd errors{};

private:
    pid_t pid_ = 0;
    bool leads_group_ = false;
    UniqueFd ended_{};
};

}  // namespace hermes::base
