#include "system/supervisor.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/unique_fd.hpp"

namespace hermes::host {
namespace {

// NOLINTBEGIN(concurrency-mt-unsafe): before the first thread
std::string taken(const char* name) {
    const char* value = std::getenv(name);
    std::string text = value == nullptr ? "" : value;
    ::unsetenv(name);
    return text;
}
// NOLINTEND(concurrency-mt-unsafe)

std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0
               ? std::optional(value)
               : std::nullopt;
}

}  // namespace

Supervisor Supervisor::take_from_environment() {
    const auto address = taken("NOTIFY_SOCKET");
    const auto patience = number(taken("WATCHDOG_USEC"));
    const auto process = taken("WATCHDOG_PID");  // whom it watches; empty: whoever it started
    const bool is_meant = process.empty() || number(process) == std::int64_t{::getpid()};
    return {address, patience && is_meant && !address.empty()
                         ? std::optional(std::chrono::microseconds(*patience))
                         : std::nullopt};
}

void Supervisor::tell(std::string_view words) const noexcept {
    sockaddr_un to{};
    if (address_.empty() || address_.size() >= sizeof(to.sun_path)) {
        return;
    }
    to.sun_family = AF_UNIX;
    std::copy(address_.begin(), address_.end(), std::begin(to.sun_path));
    if (to.sun_path[0] == '@') {  // of the abstract name space
        to.sun_path[0] = '\0';
    }
    const base::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    if (socket) {
        ::sendto(socket.get(), words.data(), words.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&to), length);
    }
}

}  // namespace hermes::host
