#include "support/gateway_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "support/eventually.hpp"
#include "support/places.hpp"

extern char** environ;

namespace hermes::test {

namespace {

const std::string host_stub = built_file("bin/hermes-host-stub");

struct Pipe {
    int read = -1;
    int write = -1;

    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("pipe2 failed");
        }
        read = ends[0];
        write = ends[1];
    }
    ~Pipe() {
        close_write();
        ::close(read);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_write() {
        if (write >= 0) {
            ::close(std::exchange(write, -1));
        }
    }
};

// Of all of a process' threads, and theirs in turn.
void collect_children(pid_t pid, std::vector<pid_t>& found) {
    std::error_code gone;
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
        std::ifstream children(thread.path() / "children");
        for (pid_t child = 0; children >> child;) {
            found.push_back(child);
            collect_children(child, found);
        }
    }
}

pid_t spawn(const std::vector<std::string>& arguments, const Variables& variables, int out,
            int err) {
    std::vector<std::string> words{host_stub};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    std::vector<std::string> all = variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!std::string_view(*variable).starts_with("WECOM_CALLBACK_")) {
            all.emplace_back(*variable);
        }
    }
    std::vector<char*> envp;
    for (auto& variable : all) {
        envp.push_back(variable.data());
    }
    envp.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out, 1);
    ::posix_spawn_file_actions_adddup2(&actions, err, 2);
    pid_t pid = -1;
    const int error =
        ::posix_spawn(&pid, host_stub.c_str(), &actions, nullptr, argv.data(), envp.data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::runtime_error("cannot start " + host_stub);
    }
    return pid;
}

int wait_for(pid_t pid) noexcept {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// Reads until there is a whole line, the end, or no patience left.
std::string first_line(int fd) {
    std::string line;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (line.find('\n') == std::string::npos) {
        pollfd readable{fd, POLLIN, 0};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0 || ::poll(&readable, 1, static_cast<int>(left.count())) <= 0) {
            break;
        }
        std::array<char, 512> bytes{};
        const auto got = ::read(fd, bytes.data(), bytes.size());
        if (got <= 0) {
            break;
        }
        line.append(bytes.data(), static_cast<std::size_t>(got));
    }
    return line.substr(0, line.find('\n'));
}

std::string slurp(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

Finished run_host(const std::vector<std::string>& arguments, const Variables& variables) {
    // Files, not pipes: nobody has to read them while the command runs.
    const auto pattern = (std::filesystem::temp_directory_path() / "hermes-run-XXXXXX").string();
    auto out_path = pattern;
    auto err_path = pattern;
    const int out = ::mkstemp(out_path.data());
    const int err = ::mkstemp(err_path.data());
    Finished finished;
    finished.exit_code = wait_for(spawn(arguments, variables, out, err));
    ::close(out);
    ::close(err);
    finished.out = slurp(out_path);
    finished.err = slurp(err_path);
    std::filesystem::remove(out_path);
    std::filesystem::remove(err_path);
    return finished;
}

GatewayProcess::GatewayProcess(const std::filesystem::path& config, const Variables& variables) {
    const auto log = config.parent_path() / "gateway.log";
    const int err = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    Pipe out;
    pid_ = spawn({"gateway", "start", "--config", config.string()}, variables, out.write, err);
    ::close(err);
    out.close_write();
    ready_line_ = first_line(out.read);
    if (!ready_line_.starts_with("gateway ready")) {
        kill();
        throw std::runtime_error("the gateway did not get ready: " + slurp(log));
    }
}

GatewayProcess::~GatewayProcess() {
    kill();
}

void GatewayProcess::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        wait();
    }
}

int GatewayProcess::stop() {
    ::kill(pid_, SIGTERM);
    return wait();
}

int GatewayProcess::wait() noexcept {
    return wait_for(std::exchange(pid_, -1));
}

std::vector<pid_t> GatewayProcess::children() const {
    std::vector<pid_t> found;
    collect_children(pid_, found);
    return found;
}

void GatewayProcess::signal_all(int signal) const {
    for (const auto child : children()) {
        ::kill(child, signal);
    }
    ::kill(pid_, signal);
}

}  // namespace hermes::test
