// The built host stub as a child process, as an operator runs it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/process.hpp"

namespace hermes::test {

// What a command of the host stub printed, and how it ended.
struct Finished {
    int exit_code = -1;  // minus the signal's number if one ended it
    std::string out;
    std::string err;
};

using Variables = std::vector<std::string>;  // NAME=value

// Runs `hermes-host-stub arguments...` to its end, with that on stdin.
Finished run_host(const std::vector<std::string>& arguments, const Variables& variables = {},
                  const std::string& input = {});
// The same for any other program, which is looked up in PATH.
Finished run_program(const std::vector<std::string>& command, const Variables& variables = {},
                     const std::string& input = {});
std::string find_program(const std::string& name);  // empty: it is not installed

// A command of the host stub that goes on until it is told to end. Killed with its owner.
class RunningCommand {
public:
    explicit RunningCommand(const std::vector<std::string>& arguments,
                            const Variables& variables = {});

    // Everything on stdout, up to the line with these words; all of it if they do not come.
    const std::string& wait_for(const std::string& words);
    int wait();            // the exit code
    int stop(int signal);  // the same, after that signal

private:
    base::Process process_;
    std::string printed_;
};

// Killed with its owner.
class GatewayProcess {
public:
    // Starts `gateway start --config config` and waits for its ready line. Throws with what it
    // wrote to stderr if there is none. stderr is appended to `gateway.log` beside the config.
    explicit GatewayProcess(const std::filesystem::path& config, const Variables& variables = {});

    void kill();  // SIGKILL, and waits for its end
    int stop();   // SIGTERM; the exit code
    pid_t pid() const noexcept { return process_.pid(); }
    // What it has started, and what that has started in turn.
    std::vector<pid_t> children() const;
    // To it and to its children, as a service manager does; the children first.
    void signal_all(int signal) const;
    const std::string& ready_line() const noexcept { return ready_line_; }

private:
    base::Process process_;
    std::string ready_line_;
};

}  // namespace hermes::test
