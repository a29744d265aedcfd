#include "agents/left_behind.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "support/temp_directory.hpp"

using hermes::host::end_left_behind;
using hermes::host::mark_of_this_gateway;

namespace {

// A program that waits, with that entry in its environment; returns once it is that program.
pid_t start_program(std::string entry) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(ready[1], STDOUT_FILENO);
        char shell[] = "sh", flag[] = "-c", script[] = "echo; exec sleep 60";
        char* arguments[] = {shell, flag, script, nullptr};
        char* environment[] = {entry.data(), nullptr};
        ::execve("/bin/sh", arguments, environment);
        ::_exit(127);
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return pid;
}

bool was_ended(pid_t pid) {
    const bool ended = ::waitpid(pid, nullptr, WNOHANG) == pid;
    if (!ended) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    return ended;
}

}  // namespace

TEST_SUITE("host_stub/left_behind") {
    TEST_CASE("what a gateway that runs no more has left at work is ended, and nothing else") {
        const hermes::test::TempDirectory data;
        const hermes::test::TempDirectory other;
        const auto mark = [](const auto& folder, const std::string& gateway) {
            return "HERMES_GATEWAY=" + folder.path().string() + gateway;
        };
        const pid_t left = start_program(mark(data, ":1:4711"));  // init, but not since then
        const pid_t gone = start_program(mark(data, ":4194304:1"));
        const pid_t ours = start_program(mark_of_this_gateway(data.path()));
        const pid_t elsewhere = start_program(mark(other, ":1:4711"));
        const pid_t beside = start_program(mark(data, "-2:1:4711"));
        const pid_t unmarked = start_program("HERMES=1");
        CHECK(end_left_behind(data.path()) == 2);
        int status = 0;
        CHECK(::waitpid(left, &status, 0) == left);
        CHECK(WTERMSIG(status) == SIGKILL);
        CHECK(::waitpid(gone, &status, 0) == gone);
        for (const auto pid : {ours, elsewhere, beside, unmarked}) {
            CHECK_FALSE(was_ended(pid));
        }
    }
}
