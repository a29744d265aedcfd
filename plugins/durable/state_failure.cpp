#include "durable/state_failure.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace hermes::durable {
namespace {

std::string in_brackets(const std::string& detail) {
    return detail.empty() ? std::string() : " (" + detail + ")";
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
