// What the gateway itself says to a member, in the member's language and without internals.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::host {

enum class Language { english, chinese };

// By the characters of what the member wrote.
Language language_of(std::string_view text);

// What a session is doing, for /status and the answers to the other commands.
struct SessionStatus {
    std::optional<std::chrono::system_clock::time_point> running_since{};
    std::size_t waiting = 0;  // messages behind it
};

enum class RunningTurn { none, cancelled };

std::string new_session_text(Language language, RunningTurn running, std::size_t waiting);
std::string stop_text(Language language, RunningTurn running, std::size_t waiting);
std::string status_text(Language language, const SessionStatus& status,
                        std::chrono::system_clock::time_point now);

std::string failure_text(Language language);
std::string timeout_text(Language language);
std::string help_text(Language language);

// What an operator wants to be said to who waits: empty for the words below. `{minutes}` stands for
// how long it has taken.
struct NoticeWords {
    std::string chinese{};
    std::string english{};
};
std::string notice_text(Language language, const NoticeWords& words,
                        std::chrono::system_clock::duration so_far);
// Of a message that waits behind so many others.
std::string queued_text(Language language, std::size_t before);

// A file that the agent wanted to send. `name` is clean (base/file_name.hpp).
std::string file_not_sent_text(Language language, const std::string& name);
std::string file_too_large_text(Language language, const std::string& name, std::uint64_t bytes,
                                std::uint64_t bytes_max);

}  // namespace hermes::host
