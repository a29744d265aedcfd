#include "plugin_check/isolated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <iostream>
#include <string_view>
#include <system_error>

#include "base/unique_fd.hpp"
#include "output/log.hpp"
#include "system/signal_name.hpp"

namespace hermes::host {
namespace {

using Outcome = CheckResult::Outcome;

constexpr char passed_mark = 'p';
constexpr char failed_mark = 'f';
constexpr char skipped_mark = 's';

[[noreturn]] void run_in_child(const Check& check, int pipe) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    for (int signal = 1; signal < SIGRTMIN; ++signal) {  // a test framework's handlers, say
        std::signal(signal, SIG_DFL);
    }
    const Verdict verdict(pipe);
    try {
        check(verdict);
    } catch (const std::exception& problem) {
        verdict.failed(std::string("threw where nothing may be thrown: ") + problem.what());
    } catch (...) {
        verdict.failed("threw something that is no std::exception");
    }
    verdict.passed();
}

// What the child has written when it closed the pipe, by ending; and whether that was in time.
struct Message {
    std::string text{};
    bool in_time = true;
};

Message read_message(int pipe, std::chrono::seconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    Message message;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd source{pipe, POLLIN, 0};
        const int ready = ::poll(&source, 1, static_cast<int>(std::max<long>(0, left.count())));
        if (ready == 0) {
            message.in_time = false;
            return message;
        }
        std::array<char, 4096> bytes{};
        const auto count = ready < 0 ? -1 : ::read(pipe, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return message;
        }
        message.text.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

std::string end_of(int status) {
    if (WIFSIGNALED(status)) {
        return "crashed: " + signal_name(WTERMSIG(status));
    }
    return "ended the process with status " + std::to_string(WEXITSTATUS(status));
}

CheckResult result_of(std::string name, const Message& message, int status,
                      std::chrono::seconds timeout) {
    CheckResult result{std::move(name), Outcome::failed, ""};
    if (!message.in_time) {
        result.detail = "did not come to an end within " + std::to_string(timeout.count()) + " s";
    } else if (message.text.empty()) {
        result.detail = end_of(status);
    } else {
        result.outcome = message.text.front() == passed_mark    ? Outcome::passed
                         : message.text.front() == skipped_mark ? Outcome::skipped
                                                                : Outcome::failed;
        result.detail = one_line(message.text.substr(1));
    }
    return result;
}

}  // namespace

void Verdict::end(char outcome, const std::string& detail) const noexcept {
    const auto text = outcome + detail.substr(0, PIPE_BUF - 1);
    const auto written = ::write(pipe_, text.data(), text.size());
    ::_exit(written < 0 ? 1 : 0);
}

void Verdict::passed() const noexcept {
    end(passed_mark, "");
}
void Verdict::failed(const std::string& detail) const noexcept {
    end(failed_mark, detail);
}
void Verdict::skipped(const std::string& detail) const noexcept {
    end(skipped_mark, detail);
}

CheckResult run_isolated(std::string name, const Check& check, std::chrono::seconds timeout) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    const base::UniqueFd read_end(ends[0]);
    base::UniqueFd write_end(ends[1]);
    std::cout.flush();  // else the child would print it a second time
    std::cerr.flush();
    const pid_t child = ::fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (child == 0) {
        run_in_child(check, write_end.get());
    }
    write_end.reset();
    const auto message = read_message(read_end.get(), timeout);
    ::kill(child, SIGKILL);  // it has ended by itself unless it is late
    int status = 0;
    ::waitpid(child, &status, 0);
    return result_of(std::move(name), message, status, timeout);
}

}  // namespace hermes::host
