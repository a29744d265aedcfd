#include "simulator/gateways/gateway_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "base/process.hpp"
#include "output/exit_code.hpp"
#include "system/signal_name.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t read_bytes = 4096;
// Of a line that does not end: more than the log says of an agent in one, which is three texts of
// 256 KiB whose bytes may be six each as JSON.
constexpr std::size_t line_bytes_max = std::size_t{8} << 20U;
constexpr std::chrono::seconds stop_patience{10};  // design: the gateway stops within it

std::string describe(const base::Ending& ending) {
    if (ending.signal != 0) {
        return "by signal " + signal_name(ending.signal);
    }
    return "with exit status " + std::to_string(ending.status);
}

}  // namespace

class GatewayProcess::Impl {
public:
    explicit Impl(GatewayProcessOptions options) : options_(std::move(options)) {}

    void start(std::chrono::milliseconds patience) {
        join();
        {
            const std::lock_guard lock(mutex_);
            phase_ = Phase::starting;
            was_ready_ = false;
            is_told_to_end_ = false;
            how_.clear();
            last_line_.clear();
            has_said_why_ = false;
        }
        // Its own thread, since the child is told to stop when the thread that made it ends.
        thread_ = std::thread([this] { run(); });
        std::unique_lock lock(mutex_);
        const bool settled =
            changed_.wait_for(lock, patience, [&] { return phase_ != Phase::starting; });
        if (was_ready_) {
            return;  // it may have ended again by now: that is told to `ended`
        }
        auto what = settled ? "the gateway ended " + how_ + " before it was ready"
                            : std::string("the gateway is not ready in time");
        what += last_line_.empty() ? "" : ": " + last_line_;
        lock.unlock();
        end(SIGKILL, patience);
        throw std::runtime_error(what + " (log: " + options_.log_file.string() + ")");
    }

    std::string end(int signal, std::chrono::milliseconds patience) {
        {
            std::unique_lock lock(mutex_);
            is_told_to_end_ = true;
            process_.signal(signal);
            if (!changed_.wait_for(lock, patience, [&] { return phase_ == Phase::ended; })) {
                process_.signal(SIGKILL);
            }
        }
        join();
        const std::lock_guard lock(mutex_);
        return std::exchange(how_, {});
    }

    void catch_up() {
        std::unique_lock lock(mutex_);
        int waiting = 0;
        if (phase_ == Phase::ended || ::ioctl(process_.output.get(), FIONREAD, &waiting) != 0) {
            return;
        }
        const auto written = bytes_read_ + static_cast<std::uint64_t>(waiting);
        changed_.wait(lock, [&] { return phase_ == Phase::ended || bytes_heard_ >= written; });
    }

    pid_t pid() const noexcept {
        const std::lock_guard lock(mutex_);
        return process_.pid();
    }

private:
    enum class Phase { ended, starting, ready };

    void join() {
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    void run() {
        const base::UniqueFd log(
            ::open(options_.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (!log) {
            set_ended("(not started: " + std::generic_category().message(errno) + ")");
            return;
        }
        base::ProcessOptions options;
        options.command = options_.command;
        options.environment = options_.environment();
        options.output = base::Stream::pipe;
        options.errors = base::Stream::as_output;
        options.leads_group = true;
        options.signal_at_our_end = SIGTERM;
        boost::system::error_code error;
        {
            const std::lock_guard lock(mutex_);
            auto started = base::Process::start(options);
            if (started) {
                process_ = std::move(*started);
            } else {
                error = started.error();
            }
        }
        if (error) {
            take_line("the gateway's program cannot be executed", log.get());
            set_ended("(not started: " + error.message() + ")");
            return;
        }
        ::fcntl(process_.output.get(), F_SETFL, O_NONBLOCK);
        watch(process_.output.get(), process_.ended(), log.get());
    }

    void watch(int out, int exit, int log) {
        std::string unfinished;
        std::array<pollfd, 2> polled{{{.fd = out, .events = POLLIN, .revents = 0},
                                      {.fd = exit, .events = POLLIN, .revents = 0}}};
        while (true) {
            ::poll(polled.data(), polled.size(), -1);
            if ((polled[0].revents & POLLIN) != 0) {
                read_output(out, log, unfinished);
            } else if (polled[0].revents != 0) {
                polled[0].fd = -1;
            }
            if (polled[1].revents != 0) {
                break;
            }
        }
        while (polled[0].fd != -1 && read_output(out, log, unfinished)) {
        }
        if (!unfinished.empty()) {
            take_line(unfinished, log);
        }
        base::Ending ending;
        {
            const std::lock_guard lock(mutex_);
            ending = process_.wait();
        }
        set_ended(describe(ending));
    }

    // False at the end of it, or if there is none now.
    bool read_output(int out, int log, std::string& unfinished) {
        std::array<char, read_bytes> buffer{};
        ssize_t count = 0;
        {
            const std::lock_guard lock(mutex_);  // for catch_up: it is in the pipe, or counted
            count = ::read(out, buffer.data(), buffer.size());
            bytes_read_ += static_cast<std::uint64_t>(std::max<ssize_t>(count, 0));
        }
        if (count <= 0) {
            return false;
        }
        std::size_t start = 0;
        const auto had = unfinished.size();  // none of it ends a line
        unfinished.append(buffer.data(), static_cast<std::size_t>(count));
        for (auto end = unfinished.find('\n', had); end != std::string::npos;
             end = unfinished.find('\n', start)) {
            take_line(std::string_view(unfinished).substr(start, end - start), log);
            start = end + 1;
        }
        unfinished.erase(0, start);
        if (unfinished.size() > line_bytes_max) {
            take_line(std::exchange(unfinished, {}), log);
        }
        const std::lock_guard lock(mutex_);
        bytes_heard_ = bytes_read_;
        changed_.notify_all();
        return true;
    }

    void take_line(std::string_view line, int log) {
        auto text = options_.on_line ? options_.on_line(line) : std::string(line);
        const std::lock_guard lock(mutex_);
        if (!has_said_why_) {
            has_said_why_ = text.starts_with(error_mark);
            last_line_ = has_said_why_ ? text.substr(error_mark.size()) : text;
        }
        text += '\n';
        [[maybe_unused]] const auto written = ::write(log, text.data(), text.size());
        if (line.starts_with(gateway_ready_text)) {
            phase_ = Phase::ready;
            was_ready_ = true;
            changed_.notify_all();
        }
    }

    void set_ended(const std::string& how) {
        bool tell = false;
        {
            const std::lock_guard lock(mutex_);
            tell = was_ready_ && !is_told_to_end_ && options_.ended;
            phase_ = Phase::ended;
            how_ = how;
            changed_.notify_all();
        }
        if (tell) {
            options_.ended(how);
        }
    }

    const GatewayProcessOptions options_;
    std::thread thread_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Phase phase_ = Phase::ended;
    base::Process process_;
    std::uint64_t bytes_read_ = 0;   // of all that it has ever written
    std::uint64_t bytes_heard_ = 0;  // whose lines on_line has had
    bool was_ready_ = false;
    bool is_told_to_end_ = false;
    std::string how_;
    std::string last_line_;      // unless one has said why
    bool has_said_why_ = false;  // the gateway, that it does not start
};

GatewayProcess::GatewayProcess(GatewayProcessOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

GatewayProcess::~GatewayProcess() {
    stop(stop_patience);
}

void GatewayProcess::start(std::chrono::milliseconds patience) {
    impl_->start(patience);
}

std::string GatewayProcess::stop(std::chrono::milliseconds patience) {
    return impl_->end(SIGTERM, patience);
}

void GatewayProcess::kill() {
    impl_->end(SIGKILL, stop_patience);
}

void GatewayProcess::catch_up() {
    impl_->catch_up();
}

pid_t GatewayProcess::pid() const noexcept {
    return impl_->pid();
}

}  // namespace hermes::host::simulator
