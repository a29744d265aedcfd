// The gateway as a child process: started, watched, stopped, killed.
//
// It runs in a process group of its own, so that Ctrl-C in the terminal reaches only the simulator,
// which then stops it in order; and it is told to stop if the simulator is killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::host::simulator {

// What it prints on stdout once every platform listens.
inline constexpr std::string_view gateway_ready_text = "gateway ready";

struct GatewayProcessOptions {
    std::vector<std::string> command{};  // the program's path first
    // KEY=VALUE, all of them; asked at each start.
    std::function<std::vector<std::string>()> environment{};
    std::filesystem::path log_file{};  // gets its stdout and stderr, appended
    // Called with each line of them, on a thread of the process object's; what it returns goes to
    // the log file. Absent: the line as it is.
    std::function<std::string(std::string_view line)> on_line{};
    // Called when it ends without having been told to; `how` is "with exit status 1". On a thread
    // of the process object's; may not start or stop it.
    std::function<void(const std::string& how)> ended{};
};

class GatewayProcess {
public:
    explicit GatewayProcess(GatewayProcessOptions options);
    ~GatewayProcess();  // as stop
    GatewayProcess(const GatewayProcess&) = delete;
    GatewayProcess& operator=(const GatewayProcess&) = delete;

    // All but catch_up, pid and running are for one thread at a time.

    // Returns once it is ready. Throws std::runtime_error with one line that ends with the last
    // that it said, and leaves nothing running, if it ends before or is not ready in time.
    void start(std::chrono::milliseconds patience);

    // SIGTERM, then, after `patience`, SIGKILL. How it ended; empty if it did not run.
    std::string stop(std::chrono::milliseconds patience);
    // SIGKILL: a power cut.
    void kill();

    // Returns once on_line has had all that it has written so far.  [any but that of on_line]
    void catch_up();

    pid_t pid() const noexcept;  // 0: not running
    bool running() const noexcept { return pid() != 0; }

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::host::simulator
