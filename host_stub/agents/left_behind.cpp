#include "agents/left_behind.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "system/process_start.hpp"

namespace hermes::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view gateway_variable = "HERMES_GATEWAY=";

std::string read_file(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

// What follows the data directory in the mark.
std::string gateway_of(pid_t pid) {
    return ':' + std::to_string(pid) + ':' + start_time_of(pid);
}

std::optional<std::string> mark_in(const std::string& environment, const std::string& beginning) {
    for (std::size_t at = 0; at < environment.size();) {
        const auto end = std::min(environment.find('\0', at), environment.size());
        const auto entry = std::string_view(environment).substr(at, end - at);
        if (entry.starts_with(beginning)) {
            return std::string(entry.substr(beginning.size()));
        }
        at = end + 1;
    }
    return std::nullopt;
}

bool still_runs(const std::string& gateway) {
    pid_t pid = 0;
    std::from_chars(gateway.data() + 1, gateway.data() + gateway.size(), pid);
    return gateway == gateway_of(pid);
}

}  // namespace

std::string mark_of_this_gateway(const fs::path& data_dir) {
    return std::string(gateway_variable) + data_dir.string() + gateway_of(::getpid());
}

std::size_t end_left_behind(const fs::path& data_dir) {
    const auto beginning = std::string(gateway_variable) + data_dir.string();
    std::size_t ended = 0;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc", gone)) {
        const auto number = entry.path().filename().string();
        pid_t pid = 0;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), pid);
        if (error != std::errc() || end != number.data() + number.size() || pid == ::getpid()) {
            continue;
        }
        const auto gateway = mark_in(read_file(entry.path() / "environ"), beginning);
        if (gateway && gateway->starts_with(':') && !still_runs(*gateway)) {
            ended += ::kill(pid, SIGKILL) == 0 ? 1 : 0;
        }
    }
    return ended;
}

}  // namespace hermes::host
