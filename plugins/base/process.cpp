#include "base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <utility>

extern char** environ;

namespace hermes::base {
namespace {

constexpr int streams = 3;
constexpr int not_started = 127;  // as a shell says it

// What the child needs to know, made ready before it is one.
struct Plan {
    char* const* command;
    char* const* environment;
    const char* folder;                // null: where we are
    std::array<int, streams> sources;  // -1: leave it as it is
    bool leads_group;
    int signal_at_our_end;
    pid_t parent;
    int report;  // gets the number of an error; closed by a start that goes well
};

void become(const Plan& plan) noexcept {
    if (plan.leads_group) {
        ::setpgid(0, 0);
    }
    if (plan.signal_at_our_end != 0) {
        ::prctl(PR_SET_PDEATHSIG, plan.signal_at_our_end);
        if (::getppid() != plan.parent) {
            return;  // it ended before the line above
        }
    }
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::sigaction(signal, &usual, nullptr);  // what we ignore would stay ignored
    }
    // First out of each other's way: any of them may be 0, 1 or 2 itself.
    auto sources = plan.sources;
    for (auto& source : sources) {
        if (source >= 0 && (source = ::fcntl(source, F_DUPFD_CLOEXEC, streams)) < 0) {
            return;
        }
    }
    for (int stream = 0; stream < streams; ++stream) {
        const int source = sources[static_cast<std::size_t>(stream)];
        if (source >= 0 && ::dup2(source, stream) < 0) {
            return;
        }
    }
    // A child that held our listener would keep its port taken after we have gone.
    ::close_range(streams, ~0U, CLOSE_RANGE_CLOEXEC);
    if (plan.folder != nullptr && ::chdir(plan.folder) != 0) {
        return;
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);  // NOLINT(concurrency-mt-unsafe)
    ::execvpe(plan.command[0], plan.command, plan.environment);
}

// vfork copies no memory, of which a gateway may have much, and does not return before the child
// has a memory of its own. Until then the child may only make system calls, and no handler of ours
// may run in it, hence the blocked signals.
pid_t launch(const Plan& plan) noexcept {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
    if (pid == 0) {
        become(plan);  // NOLINT(clang-analyzer-unix.Vfork): makes system calls
        const int error = errno;
        [[maybe_unused]] const auto written = ::write(plan.report, &error, sizeof error);
        ::_exit(not_started);
    }
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

boost::system::error_code last_error() noexcept {
    return {errno, boost::system::generic_category()};
}

struct Pipe {
    UniqueFd read_end{};
    UniqueFd write_end{};
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return last_error();
    }
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// What the child gets as one of its streams, and what is to be closed once it has it.
struct Source {
    int descriptor = -1;
    UniqueFd owner{};
};

Source owned(UniqueFd file) noexcept {
    const int descriptor = file.get();
    return {descriptor, std::move(file)};
}

// `ours` becomes our end of it if it is a pipe.
Result<Source> source_of(const Stream& stream, bool is_input, UniqueFd& ours) {
    switch (stream.kind()) {
        case Stream::inherited:
        case Stream::as_output:
            break;
        case Stream::descriptor:
            return Source{stream.number()};
        case Stream::null: {
            UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
            if (!null) {
                return last_error();
            }
            return owned(std::move(null));
        }
        case Stream::pipe: {
            auto ends = make_pipe();
            if (!ends) {
                return ends.error();
            }
            ours = std::move(is_input ? ends->write_end : ends->read_end);
            return owned(std::move(is_input ? ends->read_end : ends->write_end));
        }
    }
    return Source{};
}

std::vector<char*> pointers_to(std::vector<std::string>&&) = delete;  // they point into it
std::vector<char*> pointers_to(const std::vector<std::string>& words) {
    std::vector<char*> result;
    result.reserve(words.size() + 1);
    for (const auto& word : words) {
        result.push_back(const_cast<char*>(word.c_str()));  // POSIX: exec does not write
    }
    result.push_back(nullptr);
    return result;
}

Ending ending_of(int status) noexcept {
    return WIFSIGNALED(status) ? Ending{0, WTERMSIG(status)} : Ending{WEXITSTATUS(status), 0};
}

}  // namespace

Result<Process> Process::start(const ProcessOptions& options) {
    Process process;
    auto input = source_of(options.input, true, process.input);
    auto output = source_of(options.output, false, process.output);
    auto errors = source_of(options.errors, false, process.errors);
    auto report = make_pipe();
    for (const auto* made : {&input, &output, &errors}) {
        if (!*made) {
            return made->error();
        }
    }
    if (!report) {
        return report.error();
    }
    const auto command = pointers_to(options.command);
    std::vector<char*> variables;
    if (options.environment) {
        variables = pointers_to(*options.environment);
    }
    Plan plan{};
    plan.command = command.data();
    plan.environment = options.environment ? variables.data() : environ;
    plan.folder = options.folder.empty() ? nullptr : options.folder.c_str();
    plan.sources = {input->descriptor, output->descriptor, errors->descriptor};
    if (options.errors.kind() == Stream::as_output) {
        plan.sources[STDERR_FILENO] =
            options.output.kind() == Stream::inherited ? STDOUT_FILENO : output->descriptor;
    }
    plan.leads_group = process.leads_group_ = options.leads_group;
    plan.signal_at_our_end = options.signal_at_our_end;
    plan.parent = ::getpid();
    plan.report = report->write_end.get();

    const pid_t pid = launch(plan);
    if (pid < 0) {
        return last_error();
    }
    process.pid_ = pid;
    report->write_end.reset();
    int error = 0;
    if (::read(report->read_end.get(), &error, sizeof error) == sizeof error) {
        return boost::system::error_code(error, boost::system::generic_category());
    }
    process.ended_ = UniqueFd(::pidfd_open(pid, 0));
    if (!process.ended_) {
        return last_error();
    }
    return process;
}

Process::Process(Process&& other) noexcept
    : input(std::move(other.input)),
      output(std::move(other.output)),
      errors(std::move(other.errors)),
      pid_(std::exchange(other.pid_, 0)),
      leads_group_(other.leads_group_),
      ended_(std::move(other.ended_)) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        std::destroy_at(this);
        std::construct_at(this, std::move(other));
    }
    return *this;
}

void Process::signal(int number) const noexcept {
    if (pid_ != 0) {
        ::kill(pid_, number);
    }
}

void Process::signal_group(int number) const noexcept {
    if (pid_ != 0) {
        ::kill(leads_group_ ? -pid_ : pid_, number);
    }
}

Ending Process::wait() noexcept {
    int status = 0;
    while (pid_ != 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    ended_.reset();
    return ending_of(status);
}

std::optional<Ending> Process::wait_until(SteadyTime deadline) noexcept {
    constexpr std::chrono::milliseconds longest{60'000};  // the loop looks again
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const auto pause = std::clamp(left, std::chrono::milliseconds{0}, longest);
        pollfd end{ended_.get(), POLLIN, 0};
        if (::poll(&end, 1, static_cast<int>(pause.count())) > 0) {
            return wait();
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return std::nullopt;
        }
    }
}

void Process::end_now() noexcept {
    if (pid_ != 0) {
        signal_group(SIGKILL);
        wait();
    }
}

}  // namespace hermes::base
