// The journal of systemd, where stderr goes there: it knows the time, and reads the priority from
// the beginning of a line, "<4>" (sd-daemon(3)).
#pragma once

#include <string_view>

#include "hermes/adapter_host.hpp"

namespace hermes::host {

// By JOURNAL_STREAM, which names the stream that was connected: what is redirected afterwards is
// none of the journal's.
bool stderr_is_journal() noexcept;

std::string_view journal_priority(LogLevel level) noexcept;

// What a line on stderr begins with: its priority, or nothing.
inline std::string_view stderr_mark(LogLevel level) noexcept {
    return stderr_is_journal() ? journal_priority(level) : std::string_view{};
}

}  // namespace hermes::host
