#include "agents/left_behind.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "base/process.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::base;
using hermes::host::end_left_behind;
using hermes::host::mark_of_this_gateway;

namespace {

// A program that waits, with that entry in its environment; returns once it is that program.
Process start_program(const std::string& entry) {
    ProcessOptions options;
    options.command = {"/bin/sh", "-c", "echo; exec sleep 60"};
    options.environment = {entry};
    options.output = Stream::pipe;
    auto process = Process::start(options).value();
    char byte = 0;
    REQUIRE(::read(process.output.get(), &byte, 1) == 1);
    return process;
}

}  // namespace

TEST_SUITE("host_stub/left_behind") {
    TEST_CASE("what a gateway that runs no more has left at work is ended, and nothing else") {
        const hermes::test::TempDirectory data;
        const hermes::test::TempDirectory other;
        const auto mark = [](const auto& folder, const std::string& gateway) {
            return "HERMES_GATEWAY=" + folder.path().string() + gateway;
        };
        auto left = start_program(mark(data, ":1:4711"));  // init, but not since then
        auto gone = start_program(mark(data, ":4194304:1"));
        auto ours = start_program(mark_of_this_gateway(data.path()));
        auto elsewhere = start_program(mark(other, ":1:4711"));
        auto beside = start_program(mark(data, "-2:1:4711"));
        auto unmarked = start_program("HERMES=1");
        CHECK(end_left_behind(data.path()) == 2);
        CHECK(left.wait().signal == SIGKILL);
        CHECK(gone.wait().signal == SIGKILL);
        for (auto* process : {&ours, &elsewhere, &beside, &unmarked}) {
            CHECK_FALSE(process->wait_until({}));
        }
    }
}
