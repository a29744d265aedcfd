// With a shell script as the gateway.
#include "simulator/gateways/gateway_process.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/eventually.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host::simulator {

namespace {

using namespace std::chrono_literals;

class ProcessRig {
public:
    GatewayProcessOptions options(const std::string& script) {
        GatewayProcessOptions options;
        options.command = {"/bin/sh", "-c", script};
        options.environment = [] {
            return std::vector<std::string>{"PATH=/usr/bin:/bin", "GREETING=hello"};
        };
        options.log_file = folder_.path() / "gateway.log";
        options.ended = [this](const std::string& how) { ends.put(how); };
        return options;
    }
    std::string log() const {
        const std::ifstream file(folder_.path() / "gateway.log");
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    std::string log_file() const { return (folder_.path() / "gateway.log").string(); }

    hermes::test::Mailbox<std::string> ends;

private:
    hermes::test::TempDirectory folder_;
};

// Ready, then waits for a signal.
const std::string good_script =
    "trap 'echo stopping; exit 0' TERM\n"
    "echo \"$GREETING\" >&2; echo 'gateway ready: test'\n"
    "while true; do sleep 0.05; done";

}  // namespace

TEST_SUITE("simulator/gateway_process") {
    TEST_CASE("starting returns once the gateway is ready, its output is in the log") {
        ProcessRig rig;
        GatewayProcess gateway(rig.options(good_script));
        gateway.start(hermes::test::patience);
        CHECK(gateway.running());
        CHECK(gateway.stop(hermes::test::patience) == "with exit status 0");
        CHECK_FALSE(gateway.running());
        CHECK(rig.log() == "hello\ngateway ready: test\nstopping\n");
        CHECK(rig.ends.size() == 0);
    }

    TEST_CASE("who catches up has heard all that the gateway had written by then") {
        ProcessRig rig;
        auto options = rig.options(
            "echo 'gateway ready'; for i in $(seq 500); do echo line $i; done; echo > \"$DONE\";"
            " while true; do sleep 0.05; done");
        const auto done = rig.log_file() + ".done";
        REQUIRE(::mkfifo(done.c_str(), 0600) == 0);
        options.environment = [&] {
            return std::vector<std::string>{"PATH=/usr/bin:/bin", "DONE=" + done};
        };
        std::atomic<int> heard{0};
        hermes::test::Mailbox<bool> go_on;
        options.on_line = [&](std::string_view line) {
            if (line == "line 1") {
                go_on.take();  // a slow listener: the rest waits in the pipe
            }
            ++heard;
            return std::string(line);
        };
        GatewayProcess gateway(std::move(options));
        gateway.start(hermes::test::patience);
        std::ifstream(done).get();  // returns once the script has written to it
        CHECK(heard == 1);
        std::thread later([&] { go_on.put(true); });
        gateway.catch_up();
        CHECK(heard == 501);
        later.join();
        gateway.kill();
        gateway.catch_up();  // of one that has ended nothing is awaited
    }

    TEST_CASE("a gateway that was killed can be started again") {
        ProcessRig rig;
        GatewayProcess gateway(rig.options(good_script));
        gateway.start(hermes::test::patience);
        const auto first = gateway.pid();
        gateway.kill();
        CHECK_FALSE(gateway.running());
        gateway.start(hermes::test::patience);
        CHECK(gateway.pid() != first);
        CHECK(rig.ends.size() == 0);
    }

    TEST_CASE("a gateway that ends by itself is told of") {
        ProcessRig rig;
        GatewayProcess gateway(rig.options("echo 'gateway ready'; exit 3"));
        gateway.start(hermes::test::patience);
        CHECK(rig.ends.take() == "with exit status 3");
        CHECK_FALSE(gateway.running());
        GatewayProcess other(rig.options("echo 'gateway ready'; kill -KILL $$"));
        other.start(hermes::test::patience);
        CHECK(rig.ends.take() == "by signal Killed");
    }

    TEST_CASE("a gateway that ignores SIGTERM is killed in the end") {
        ProcessRig rig;
        GatewayProcess gateway(
            rig.options("trap '' TERM; echo 'gateway ready'; while true; do sleep 0.05; done"));
        gateway.start(hermes::test::patience);
        CHECK(gateway.stop(50ms) == "by signal Killed");
    }

    TEST_CASE("each line of output is told, and the log has what becomes of it") {
        ProcessRig rig;
        hermes::test::Mailbox<std::string> lines;
        auto options = rig.options("printf 'one\\ntwo\\ngateway ready\\nrest'");
        options.on_line = [&](std::string_view line) {
            lines.put(std::string(line));
            return "<" + std::string(line) + ">";
        };
        GatewayProcess gateway(options);
        gateway.start(hermes::test::patience);
        CHECK(rig.ends.take() == "with exit status 0");
        CHECK(lines.take() == "one");
        CHECK(lines.take() == "two");
        CHECK(rig.log() == "<one>\n<two>\n<gateway ready>\n<rest>\n");
    }

    TEST_CASE("a line as long as the log makes them is told whole") {
        ProcessRig rig;
        hermes::test::Mailbox<std::string> lines;
        auto options =
            rig.options("head -c 5000000 /dev/zero | tr '\\0' x; echo; echo 'gateway ready'");
        options.on_line = [&](std::string_view line) {
            lines.put(std::string(line));
            return std::string("a line");
        };
        GatewayProcess gateway(options);
        gateway.start(hermes::test::patience);
        CHECK(lines.take().value_or("").size() == 5'000'000);
        CHECK(lines.take() == "gateway ready");
        CHECK(rig.ends.take() == "with exit status 0");
        CHECK(rig.log() == "a line\na line\n");
    }

    TEST_CASE("a gateway that ends before it is ready is an error with what it said and the log") {
        ProcessRig rig;
        GatewayProcess gateway(rig.options("echo 'error: port taken' >&2; exit 1"));
        const auto sentence =
            "the gateway ended with exit status 1 before it was ready: port taken (log: " +
            rig.log_file() + ")";
        CHECK_THROWS_WITH_AS(gateway.start(hermes::test::patience), sentence.c_str(),
                             std::runtime_error);
        CHECK(rig.log() == "error: port taken\n");
        CHECK(rig.ends.size() == 0);
    }

    TEST_CASE(
        "a gateway with several errors is told with the first, one with none by its last line") {
        const std::string ended = "the gateway ended with exit status 2 before it was ready: ";
        for (const auto& [script, why] :
             {std::pair{"echo 'error: no token'; echo 'error: no port'; echo 'error: 2 errors'",
                        "no token"},
              {"echo 'begins'; echo 'terminate called'", "terminate called"}}) {
            ProcessRig rig;
            GatewayProcess gateway(rig.options(std::string(script) + "; exit 2"));
            CHECK_THROWS_WITH_AS(gateway.start(hermes::test::patience),
                                 (ended + why + " (log: " + rig.log_file() + ")").c_str(),
                                 std::runtime_error);
        }
    }

    TEST_CASE("a gateway that does not get ready is killed, and that is an error") {
        ProcessRig rig;
        GatewayProcess gateway(rig.options("sleep 60"));
        const auto sentence = "the gateway is not ready in time (log: " + rig.log_file() + ")";
        CHECK_THROWS_WITH_AS(gateway.start(50ms), sentence.c_str(), std::runtime_error);
        CHECK_FALSE(gateway.running());
    }

    TEST_CASE("a program that is not there is an error, not a hang") {
        ProcessRig rig;
        auto options = rig.options("");
        options.command = {"/nonexistent/program"};
        GatewayProcess gateway(options);
        CHECK_THROWS_AS(gateway.start(hermes::test::patience), std::runtime_error);
        CHECK(rig.log() == "the gateway's program cannot be executed\n");
    }
}

}  // namespace hermes::host::simulator
