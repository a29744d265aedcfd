// Names sessions: a chat keeps its session's name across restarts, until its member asks for a new
// one. What an agent remembers under that name is therefore not lost when the gateway stops.
//
// A name is made from the chat and a count of /new. Only counts are stored, one for each chat that
// has ever begun anew, in a small JSON file that is replaced as a whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "conversation/session.hpp"

namespace hermes::host {

class SessionIds {
public:
    // Kept in memory only.
    SessionIds() = default;

    // Reads the file if it is there. One that is not what was written is set aside, with a warning:
    // it is not worth keeping a gateway from starting. Throws std::runtime_error with one line if
    // it can't be read, or not be set aside.
    explicit SessionIds(std::filesystem::path file);
    const std::string& warning() const noexcept { return warning_; }  // empty: there is none

    std::string current(const SessionKey& key) const;  // [any]

    // Another name for this chat, from now on. [any]
    void renew(const SessionKey& key);

    // Writes what has been renewed, durably, for the owner's eyes: it holds members' ids. Throws
    // std::runtime_error with one line. Keeps nobody waiting who asks for a name. [any]
    void save() const;

private:
    void set_aside(const char* what);

    std::filesystem::path file_{};
    std::string warning_{};
    mutable std::mutex save_mutex_;  // held while writing: what is newest is written last
    mutable std::mutex mutex_;
    std::map<SessionKey, std::uint64_t> renewals_{};
};

}  // namespace hermes::host
