#include "system/supervisor.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "support/notify_socket.hpp"
#include "support/temp_directory.hpp"

using hermes::host::Supervisor;
using hermes::test::NotifySocket;
using std::chrono::microseconds;

namespace {

Supervisor manager_with(const char* address, const char* patience, const std::string& process) {
    ::setenv("NOTIFY_SOCKET", address, 1);
    ::setenv("WATCHDOG_USEC", patience, 1);
    ::setenv("WATCHDOG_PID", process.c_str(), 1);
    return Supervisor::take_from_environment();
}

}  // namespace

TEST_SUITE("host_stub/supervisor") {
    TEST_CASE("it is told at its socket, also at one without a file") {
        const hermes::test::TempDirectory folder;
        const NotifySocket at_file((folder.path() / "notify").string());
        Supervisor(at_file.address(), {}).tell("READY=1\nSTATUS=fine");
        CHECK(at_file.told() == "READY=1\nSTATUS=fine");
        const NotifySocket abstract("@hermes-test-" + std::to_string(::getpid()));
        Supervisor(abstract.address(), {}).tell("STOPPING=1");
        CHECK(abstract.told() == "STOPPING=1");
    }

    TEST_CASE("where there is none, or it is gone, nothing happens") {
        for (const std::string& address :
             {std::string(), std::string("/no/such/socket"), "/" + std::string(200, 'x')}) {
            CAPTURE(address);
            CHECK_NOTHROW(Supervisor(address, {}).tell("READY=1"));
        }
    }

    TEST_CASE("its patience is known, and nothing of it is left for the children") {
        const auto manager = manager_with("/socket", "30000000", std::to_string(::getpid()));
        CHECK(manager.patience() == microseconds(30'000'000));
        CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
        CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
        CHECK(std::getenv("WATCHDOG_PID") == nullptr);
        CHECK(manager_with("/socket", "5", "").patience() == microseconds(5));
    }

    TEST_CASE("it does not watch who is not meant, or without a word of how long") {
        CHECK_FALSE(manager_with("/socket", "30000000", "1").patience());
        CHECK_FALSE(manager_with("/socket", "", "").patience());
        CHECK_FALSE(manager_with("/socket", "0", "").patience());
        CHECK_FALSE(manager_with("/socket", "-5", "").patience());
        CHECK_FALSE(manager_with("/socket", "5x", "").patience());
        CHECK_FALSE(manager_with("", "30000000", "").patience());
        CHECK_FALSE(Supervisor::take_from_environment().patience());
    }
}
