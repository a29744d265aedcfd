#include "base/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/process.hpp"

namespace hermes::base {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int error_reads_max = 8;  // at its end; a pipe holds four
constexpr std::size_t read_bytes = std::size_t{16} * 1024;
constexpr std::size_t error_tail_bytes = std::size_t{16} * 1024;  // enough for a trace of calls
// How long a program's own children may hold its stdout open after it has ended.
constexpr std::chrono::milliseconds drain_grace{1'000};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// The input as a file in memory: unlike a pipe it needs no writer, so that a program which never
// reads it costs neither a SIGPIPE nor a wait.
UniqueFd file_with(std::string_view text) {
    UniqueFd file(::memfd_create("input", MFD_CLOEXEC));
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

std::string last_line_of(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
        text.remove_suffix(1);
    }
    const auto newline = text.rfind('\n');
    return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

UniqueFd make_event() {
    UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) {
        fail("eventfd");
    }
    return event;
}

// In a process group of its own, so that what it has started can be ended with it.
Process start(const ChildOptions& options) {
    const auto input = file_with(options.input);
    ProcessOptions process;
    process.command = options.command;
    process.folder = options.folder;
    process.environment = options.environment;
    process.input = Stream(input);
    process.output = process.errors = Stream::pipe;
    process.leads_group = true;
    auto started = Process::start(process);
    if (!started) {
        throw std::system_error(started.error().value(), std::generic_category(),
                                options.command.front());
    }
    ::fcntl(started->output.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(started->errors.get(), F_SETFL, O_NONBLOCK);
    if (options.descriptors) {
        ::prlimit(started->pid(), RLIMIT_NOFILE, &*options.descriptors, nullptr);
    }
    return std::move(*started);
}

class Child {
public:
    explicit Child(const ChildOptions& options)
        : options_(options),
          deadline_(Clock::now() + options.timeout),
          stop_requested_(make_event()),
          process_(start(options)) {}

    ChildResult run(const std::stop_token& stop) {
        const std::stop_callback wake(stop, [this] { ::eventfd_write(stop_requested_.get(), 1); });
        while (!has_ended_ || process_.output) {
            step();
            if (has_ended_ && (why_killed_ || Clock::now() >= next_deadline_)) {
                process_.signal_group(SIGKILL);  // what it left behind
                break;
            }
        }
        return finish();
    }

private:
    void step() {
        // What has ended by itself can't be cancelled any more.
        const bool can_be_stopped = !why_killed_ && !has_ended_;
        std::array<pollfd, 4> sources{{{process_.output.get(), POLLIN, 0},
                                       {process_.errors.get(), POLLIN, 0},
                                       {has_ended_ ? -1 : process_.ended(), POLLIN, 0},
                                       {can_be_stopped ? stop_requested_.get() : -1, POLLIN, 0}}};
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
                process_.signal_group(SIGKILL);
                kill_at_ = Clock::now() + options_.grace;
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
            kill_at_ = Clock::now() + options_.grace;
            process_.signal_group(SIGTERM);
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
        const auto bytes = read_some(process_.output);
        if (!bytes) {
            process_.output.reset();
            give_lines(Lines::all);
        } else if ((said_ += bytes->size()) > options_.output_bytes_max) {
            end_it(ChildResult::End::too_much_said);
        } else {
            result_.output += *bytes;
            give_lines(Lines::whole);
        }
    }

    enum class Lines { whole, all };

    void give_lines(Lines which) {
        if (!options_.on_line || why_killed_) {
            return;
        }
        auto text = std::string_view(result_.output);
        for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
            options_.on_line(text.substr(0, end));
            text.remove_prefix(end + 1);
        }
        if (which == Lines::all && !text.empty()) {
            options_.on_line(text);
            text = {};
        }
        result_.output.erase(0, result_.output.size() - text.size());
    }

    void read_errors() {
        const auto bytes = read_some(process_.errors);
        if (!bytes) {
            process_.errors.reset();
            return;
        }
        errors_ += *bytes;
        if (errors_.size() > error_tail_bytes) {
            errors_.erase(0, errors_.size() - error_tail_bytes);
        }
    }

    // What a program that is ended had said is worth reading; not what another goes on saying that
    // it has left behind in a session of its own, which we can't end.
    void read_rest() {
        int waiting = 0;
        ::ioctl(process_.output.get(), FIONREAD, &waiting);
        const auto end = said_ + static_cast<std::size_t>(waiting);
        for (auto before = said_; process_.output && said_ < end; before = said_) {
            read_output();
            if (said_ == before) {
                break;
            }
        }
        for (int time = 0; process_.errors && time < error_reads_max; ++time) {
            read_errors();
        }
    }

    ChildResult finish() {
        read_rest();
        give_lines(Lines::all);
        const auto ending = process_.wait();
        result_.last_error_line = last_line_of(errors_);
        result_.errors = std::move(errors_);
        if (why_killed_) {
            result_.end = *why_killed_;
        } else if (ending.signal != 0) {
            result_.end = ChildResult::End::signalled;
            result_.status = ending.signal;
        } else {
            result_.end = ChildResult::End::exited;
            result_.status = ending.status;
        }
        return std::move(result_);
    }

    const ChildOptions& options_;
    Clock::time_point deadline_;
    UniqueFd stop_requested_;
    Process process_;
    Clock::time_point kill_at_{};
    Clock::time_point drain_until_{};
    Clock::time_point next_deadline_{};
    std::optional<ChildResult::End> why_killed_{};
    bool has_ended_ = false;
    std::size_t said_ = 0;  // bytes
    std::string errors_{};
    ChildResult result_{};
};

}  // namespace

ChildResult run_child(const ChildOptions& options, const std::stop_token& stop) {
    try {
        return Child(options).run(stop);
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

}  // namespace hermes::base
