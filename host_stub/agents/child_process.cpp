#include "agents/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include "unique_fd.hpp"

namespace hermes::host {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t error_tail_bytes = 4 * 1024;  // enough for the last line
// How long a program's own children may hold its stdout open after it has ended.
constexpr std::chrono::milliseconds drain_grace{1'000};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct Pipe {
    UniqueFd read_end{};
    UniqueFd write_end{};
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail("pipe");
    }
    Pipe result{UniqueFd(ends[0]), UniqueFd(ends[1])};
    ::fcntl(result.read_end.get(), F_SETFL, O_NONBLOCK);
    return result;
}

// The input as a file in memory: unlike a pipe it needs no writer, so that a program which never
// reads it costs neither a SIGPIPE nor a wait.
UniqueFd file_with(std::string_view text) {
    UniqueFd file(::memfd_create("agent-input", MFD_CLOEXEC));
    if (!file) {
        fail("memfd_create");
    }
    while (!text.empty()) {
        const auto written = ::write(file.get(), text.data(), text.size());
        if (written < 0) {
            fail("write");
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
    std::vector<char*> result;
    for (const auto& word : words) {
        result.push_back(const_cast<char*>(word.c_str()));  // POSIX: exec does not write
    }
    result.push_back(nullptr);
    return result;
}

// Starts the program with these three as 0, 1 and 2 and nothing else of ours open: a child that
// inherited the gateway's listener would keep its port taken after a restart.
pid_t spawn(const ChildOptions& options, int in, int out, int err) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!options.folder.empty()) {
        ::posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
    }

    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);

    pid_t pid = -1;
    const auto arguments = pointers_to(options.command);
    const auto variables = pointers_to(options.environment);
    const int error = ::posix_spawnp(&pid, arguments.front(), &actions, &attributes,
                                     arguments.data(), variables.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), options.command.front());
    }
    return pid;
}

std::string last_line_of(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
        text.remove_suffix(1);
    }
    const auto newline = text.rfind('\n');
    return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

class Child {
public:
    explicit Child(const ChildOptions& options)
        : options_(options), deadline_(Clock::now() + options.timeout) {
        stop_requested_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (!stop_requested_) {
            fail("eventfd");
        }
        const auto input = file_with(options.input);
        auto out = make_pipe();
        auto err = make_pipe();
        pid_ = spawn(options, input.get(), out.write_end.get(), err.write_end.get());
        if (options.descriptors) {
            ::prlimit(pid_, RLIMIT_NOFILE, &*options.descriptors, nullptr);
        }
        ended_ = UniqueFd(::pidfd_open(pid_, 0));
        if (!ended_) {
            const int error = errno;
            end_now();  // the destructor does not run
            throw std::system_error(error, std::generic_category(), "pidfd_open");
        }
        out_ = std::move(out.read_end);
        err_ = std::move(err.read_end);
    }

    ~Child() { end_now(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ChildResult run(std::stop_token stop) {
        const std::stop_callback wake(stop, [this] { ::eventfd_write(stop_requested_.get(), 1); });
        while (!has_ended_ || out_) {
            step();
            if (has_ended_ && (why_killed_ || Clock::now() >= next_deadline_)) {
                ::kill(-pid_, SIGKILL);  // what it left behind; the zombie still holds the number
                break;
            }
        }
        return finish();
    }

private:
    void end_now() {
        if (pid_ > 0) {
            ::kill(-pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }

    void step() {
        std::array<pollfd, 4> sources{{{out_.get(), POLLIN, 0},
                                       {err_.get(), POLLIN, 0},
                                       {has_ended_ ? -1 : ended_.get(), POLLIN, 0},
                                       {why_killed_ ? -1 : stop_requested_.get(), POLLIN, 0}}};
        next_deadline_ = has_ended_ ? drain_until_ : why_killed_ ? kill_at_ : deadline_;
        ::poll(sources.data(), sources.size(), milliseconds_until(next_deadline_));
        if (sources[0].revents != 0) {
            read_output();
        }
        if (sources[1].revents != 0) {
            read_errors();
        }
        if (sources[2].revents != 0) {
            has_ended_ = true;
            next_deadline_ = drain_until_ = Clock::now() + drain_grace;
        } else if (sources[3].revents != 0) {
            end_it(ChildResult::End::cancelled);
        } else if (!has_ended_ && Clock::now() >= next_deadline_) {
            if (why_killed_) {
                ::kill(-pid_, SIGKILL);
                kill_at_ = Clock::now() + kill_grace;
            } else {
                end_it(ChildResult::End::timed_out);
            }
        }
    }

    static int milliseconds_until(Clock::time_point time) {
        constexpr std::chrono::milliseconds longest{60'000};  // the loop looks again
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now());
        return static_cast<int>(std::clamp(left, std::chrono::milliseconds{0}, longest).count());
    }

    void end_it(ChildResult::End why) {
        if (!why_killed_) {
            why_killed_ = why;
            kill_at_ = Clock::now() + kill_grace;
            ::kill(-pid_, SIGTERM);
        }
    }

    // What is there now; nothing at the end of the file.
    static std::optional<std::string> read_some(const UniqueFd& from) {
        std::string bytes(read_bytes, '\0');
        const auto count = ::read(from.get(), bytes.data(), bytes.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            return "";
        }
        if (count <= 0) {
            return std::nullopt;
        }
        bytes.resize(static_cast<std::size_t>(count));
        return bytes;
    }

    void read_output() {
        const auto bytes = read_some(out_);
        if (!bytes) {
            out_.reset();
        } else if (result_.output.size() + bytes->size() > options_.output_bytes_max) {
            end_it(ChildResult::End::too_much_said);
        } else {
            result_.output += *bytes;
        }
    }

    void read_errors() {
        const auto bytes = read_some(err_);
        if (!bytes) {
            err_.reset();
            return;
        }
        errors_ += *bytes;
        if (errors_.size() > error_tail_bytes) {
            errors_.erase(0, errors_.size() - error_tail_bytes);
        }
    }

    ChildResult finish() {
        if (err_) {
            read_errors();
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        result_.last_error_line = last_line_of(errors_);
        if (why_killed_) {
            result_.end = *why_killed_;
        } else if (WIFSIGNALED(status)) {
            result_.end = ChildResult::End::signalled;
            result_.status = WTERMSIG(status);
        } else {
            result_.end = ChildResult::End::exited;
            result_.status = WEXITSTATUS(status);
        }
        return std::move(result_);
    }

    const ChildOptions& options_;
    Clock::time_point deadline_;
    Clock::time_point kill_at_{};
    Clock::time_point drain_until_{};
    Clock::time_point next_deadline_{};
    std::optional<ChildResult::End> why_killed_{};
    bool has_ended_ = false;
    pid_t pid_ = -1;
    UniqueFd stop_requested_{};
    UniqueFd ended_{};
    UniqueFd out_{};
    UniqueFd err_{};
    std::string errors_{};
    ChildResult result_{};
};

}  // namespace

ChildResult run_child(const ChildOptions& options, std::stop_token stop) {
    try {
        Child child(options);
        return child.run(std::move(stop));
    } catch (const std::system_error& error) {
        ChildResult result;
        result.problem = error.what();
        const auto code = error.code().value();
        if (code == EMFILE || code == ENFILE || code == EAGAIN || code == ENOMEM) {
            result.end = ChildResult::End::no_resources;
        }
        return result;
    }
}

}  // namespace hermes::host
