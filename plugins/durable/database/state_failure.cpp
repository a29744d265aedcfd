#include "durable/database/state_failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace hermes::durable {
namespace {

std::string in_brackets(const std::string& detail) {
    return detail.empty() ? std::string() : " (" + detail + ")";
}

// Whether a PostgreSQL answers, and does not let this one in. It may be there and not be ready, or
// have no room: then time helps, and no other password.
bool refuses_us(const std::string& words) {
    constexpr std::array<std::string_view, 4> passing{"the database system is", "too many",
                                                      "connection slots", "terminating connection"};
    const auto says = [&](std::string_view what) { return words.find(what) != words.npos; };
    return says("no password supplied") || (says("FATAL") && std::ranges::none_of(passing, says));
}

}  // namespace

std::string explain_open_failure(const Location& location, const StateFailure& failure) {
    const auto the = "the " + location.noun();
    switch (failure.error) {
        case StateError::full:
            return the + " cannot be opened: disk full; make room and start again";
        case StateError::locked:
            return the + " is locked by another program" + in_brackets(failure.detail) +
                   ": end that program and start again";
        case StateError::corrupt:
            return the + " cannot be used: " + failure.detail +
                   "; restore it from a backup, or move it away and a new one is made";
        case StateError::unreachable:
            if (refuses_us(failure.detail)) {
                return the + " refuses the connection" + in_brackets(failure.detail) +
                       ": correct user, password or database in `state`";
            }
            return the + " does not answer" + in_brackets(failure.detail) +
                   ": check that the server runs and that the address in `state` is right";
        case StateError::io:
        case StateError::refused:
        case StateError::superseded:
        case StateError::stopped:
        case StateError::stuck:
            break;
    }
    return the + " cannot be opened: " + failure.detail;
}

std::string explain_file_failure(const Location& location, const std::string& what, int error) {
    if (error == ENOENT || error == ENOTDIR) {
        return "the directory " + std::filesystem::path(location.path).parent_path().string() +
               " of the state file " + location.path +
               " does not exist: create it, or change `data_dir` or `state`";
    }
    if (error == ENOSPC || error == EDQUOT) {
        return explain_open_failure(location, {StateError::full, {}});
    }
    return "the state file " + location.path + " cannot be " + what + ": " +
           std::generic_category().message(error) +
           "; make it and its directory writable for this user, or change `state`";
}

std::string explain_other_gateway(const Location& location, const std::string& holder) {
    // Gateways share a PostgreSQL, but not the lock file in a data directory, whose holder is a
    // process of this machine.
    const bool is_by_file =
        location.dialect == Dialect::postgresql && holder.starts_with("process ");
    const std::string what = is_by_file ? "this `data_dir`" : location.shown;
    return "another gateway (" + holder + ") uses " + what +
           ": stop it, or give this one its own `" + (is_by_file ? "data_dir" : "state") + "`";
}

std::string explain_unavailable(const Location& location, const StateFailure& failure) {
    const auto the = "the " + location.noun();
    const std::string answered = "callbacks are answered 503 until ";
    switch (failure.error) {
        case StateError::full:
            return the + " cannot be written: disk full; " + answered + "there is space";
        case StateError::locked:
            return the + " cannot be written: another program holds it locked" +
                   in_brackets(failure.detail) + "; " + answered + "it lets go";
        case StateError::corrupt:
            return the + " is damaged" + in_brackets(failure.detail) +
                   ": stop the gateway and restore it from a backup; " + answered + "then";
        case StateError::unreachable:
            return the + " does not answer" + in_brackets(failure.detail) + "; " + answered +
                   "it does";
        case StateError::stuck:
            return the + " has been busy with one commit for more than " +
                   std::to_string(stuck_after.count()) +
                   " s (look at its disk, or at its synchronous standby); " + answered + "it ends";
        case StateError::io:
        case StateError::refused:
        case StateError::superseded:
        case StateError::stopped:
            break;
    }
    return the + " cannot be written: " + failure.detail + "; " + answered + "it can";
}

std::string summarize_unavailable(StateError error) {
    const std::string the = "the message store ";
    switch (error) {
        case StateError::full:
            return the + "cannot be written: disk full";
        case StateError::locked:
            return the + "is locked by another program";
        case StateError::corrupt:
            return the + "is damaged";
        case StateError::unreachable:
            return the + "does not answer";
        case StateError::stuck:
            return the + "does not finish a commit";
        case StateError::io:
        case StateError::refused:
        case StateError::superseded:
        case StateError::stopped:
            break;
    }
    return the + "cannot be written";
}

}  // namespace hermes::durable
