#include "simulator/gateways/run_folder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "base/unique_fd.hpp"
#include "config/text_file.hpp"

namespace hermes::host::simulator {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& what, int error) {
    throw std::runtime_error(path.string() + ": " + what + ": " +
                             std::generic_category().message(error));
}

// By it a line is known again: one of somebody's own stays.
constexpr std::string_view our_mark = "  # written by `simulate`";

base::UniqueFd tcp_socket() {
    return base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

// 0, or why not.
int bind_to(const base::UniqueFd& socket, const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
        return EINVAL;
    }
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto* const bytes = reinterpret_cast<const sockaddr*>(&address);
    return ::bind(socket.get(), bytes, sizeof address) == 0 ? 0 : errno;
}

}  // namespace

fs::path default_run_folder() {
    const fs::path inside = fs::path("hermes-host-stub") / "simulate";
    // NOLINTBEGIN(concurrency-mt-unsafe): nobody sets variables while threads run
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
        return fs::path(state) / inside;
    }
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
        return fs::path(home) / ".local" / "state" / inside;
    }
    // NOLINTEND(concurrency-mt-unsafe)
    throw std::runtime_error("no HOME to keep the simulation in: give --run-dir");
}

void make_private_folder(const fs::path& folder) {
    std::error_code problem;
    if (fs::is_directory(folder, problem)) {
        return;  // whoever made it decided who may look
    }
    fs::create_directories(folder, problem);
    if (problem) {
        fail(folder, "cannot be made", problem.value());
    }
    fs::permissions(folder, fs::perms::owner_all, problem);
}

void link_folder(const fs::path& link, const fs::path& target) {
    std::error_code problem;
    if (fs::is_symlink(link, problem)) {
        fs::remove(link, problem);
    } else if (fs::exists(link, problem)) {
        return;  // a folder that somebody put there
    }
    fs::create_directory_symlink(target, link, problem);
    if (problem) {
        fail(link, "cannot be made", problem.value());
    }
}

void set_in_env_file(const fs::path& file, const std::string& name, const std::string& value) {
    const auto before = fs::exists(file) ? read_text_file(file) : "";
    if (value.empty() && before.find(our_mark) == std::string::npos) {
        return;
    }
    std::string text;
    for (std::string_view rest = before; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (!line.starts_with(name + '=') || !line.ends_with(our_mark)) {
            text.append(line).append("\n");
        }
    }
    if (!value.empty()) {
        text.append(name).append("=").append(value).append(our_mark).append("\n");
    }
    if (text.empty()) {
        fs::remove(file);
    } else if (text != before) {
        write_private_file(file, text);
    }
}

bool port_is_taken(const std::string& host, std::uint16_t port) {
    return bind_to(tcp_socket(), host, port) == EADDRINUSE;
}

bool names_port(std::string_view sentence, std::uint16_t port) {
    const auto name = ":" + std::to_string(port);
    const auto at = sentence.find(name);
    if (at == std::string_view::npos) {
        return false;
    }
    const auto next = at + name.size();
    return next == sentence.size() || sentence[next] < '0' || sentence[next] > '9';
}

std::uint16_t any_free_port() {
    const auto socket = tcp_socket();
    bind_to(socket, "127.0.0.1", 0);
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
}

}  // namespace hermes::host::simulator
