#include "support/gateway_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/eventually.hpp"
#include "support/places.hpp"

extern char** environ;

namespace hermes::test {

namespace {

const std::string host_stub = built_file("bin/hermes-host-stub");

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

base::Process spawn(std::vector<std::string> command, const Variables& variables,
                    base::Stream input, base::Stream output, const base::UniqueFd& errors) {
    base::ProcessOptions options;
    options.command = std::move(command);
    options.environment = variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!std::string_view(*variable).starts_with("WECOM_CALLBACK_")) {
            options.environment->emplace_back(*variable);
        }
    }
    options.input = input;
    options.output = output;
    options.errors = base::Stream(errors);
    return base::Process::start(options).value();
}

std::vector<std::string> host_command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), host_stub);
    return arguments;
}

int exit_code(const base::Ending& ending) noexcept {
    return ending.signal == 0 ? ending.status : -ending.signal;
}

// Reads until there is a line that ends, with these words in it: until the end or no patience left.
void read_until(int fd, const std::string& words, std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const auto has_them = [&] {
        const auto at = text.find(words);
        return at != std::string::npos && text.find('\n', at) != std::string::npos;
    };
    while (!has_them()) {
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
        text.append(bytes.data(), static_cast<std::size_t>(got));
    }
}

std::string first_line(int fd) {
    std::string text;
    read_until(fd, "", text);
    return text.substr(0, text.find('\n'));
}

std::string slurp(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

Finished run_host(const std::vector<std::string>& arguments, const Variables& variables,
                  const std::string& input) {
    return run_program(host_command(arguments), variables, input);
}

std::string find_program(const std::string& name) {
    std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
    for (std::string folder; std::getline(folders, folder, ':');) {
        const auto program = folder + '/' + name;
        if (::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    return {};
}

Finished run_program(const std::vector<std::string>& command, const Variables& variables,
                     const std::string& input) {
    // Files, not pipes: nobody has to read them while the command runs.
    const auto pattern = (std::filesystem::temp_directory_path() / "hermes-run-XXXXXX").string();
    auto out_path = pattern;
    auto err_path = pattern;
    auto in_path = pattern;
    const base::UniqueFd in(::mkstemp(in_path.data()));
    std::ofstream(in_path) << input;
    const base::UniqueFd out(::mkstemp(out_path.data()));
    const base::UniqueFd err(::mkstemp(err_path.data()));
    Finished finished;
    finished.exit_code =
        exit_code(spawn(command, variables, base::Stream(in), base::Stream(out), err).wait());
    finished.out = slurp(out_path);
    finished.err = slurp(err_path);
    std::filesystem::remove(in_path);
    std::filesystem::remove(out_path);
    std::filesystem::remove(err_path);
    return finished;
}

RunningCommand::RunningCommand(const std::vector<std::string>& arguments,
                               const Variables& variables)
    : process_(spawn(host_command(arguments), variables, base::Stream::null, base::Stream::pipe,
                     base::UniqueFd(::dup(STDERR_FILENO)))) {}

const std::string& RunningCommand::wait_for(const std::string& words) {
    read_until(process_.output.get(), words, printed_);
    return printed_;
}

int RunningCommand::wait() {
    return exit_code(process_.wait());
}

int RunningCommand::stop(int signal) {
    process_.signal(signal);
    return wait();
}

GatewayProcess::GatewayProcess(const std::filesystem::path& config, const Variables& variables) {
    const auto log = config.parent_path() / "gateway.log";
    const base::UniqueFd err(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    process_ = spawn(host_command({"gateway", "start", "--config", config.string()}), variables,
                     base::Stream::null, base::Stream::pipe, err);
    ready_line_ = first_line(process_.output.get());
    process_.output.reset();
    if (!ready_line_.starts_with("gateway ready")) {
        kill();
        throw std::runtime_error("the gateway did not get ready: " + slurp(log));
    }
}

void GatewayProcess::kill() {
    process_.end_now();
}

int GatewayProcess::stop() {
    process_.signal(SIGTERM);
    return exit_code(process_.wait());
}

std::vector<pid_t> GatewayProcess::children() const {
    std::vector<pid_t> found;
    collect_children(process_.pid(), found);
    return found;
}

void GatewayProcess::signal_all(int signal) const {
    for (const auto child : children()) {
        ::kill(child, signal);
    }
    process_.signal(signal);
}

}  // namespace hermes::test
