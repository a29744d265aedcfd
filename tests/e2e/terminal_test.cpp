// A gateway that somebody has started in a terminal.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>

#include "base/process.hpp"
#include "e2e/gateway_rig.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

// A window, and the gateway as what its shell has become.
class Terminal {
public:
    explicit Terminal(const GatewayFiles& files) {
        int window = -1, inside = -1;
        REQUIRE(::openpty(&window, &inside, nullptr, nullptr, nullptr) == 0);
        window_ = base::UniqueFd(window);
        ::fcntl(window, F_SETFD, FD_CLOEXEC);
        const base::UniqueFd terminal(inside);
        const base::UniqueFd log(::open((files.directory() / "gateway.log").c_str(),
                                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        base::ProcessOptions options;
        options.command = {"setsid",
                           "--ctty",
                           built_file("bin/hermes-host-stub"),
                           "gateway",
                           "start",
                           "--config",
                           files.config().string()};
        options.input = base::Stream(terminal);
        options.output = options.errors = base::Stream(log);
        gateway_ = base::Process::start(options).value();
    }

    void send(int signal) const { gateway_.signal(signal); }
    void close() { window_.reset(); }
    // Once it has ended.
    std::optional<base::Ending> ending() {
        return gateway_.wait_until(std::chrono::steady_clock::now() + patience);
    }

private:
    base::UniqueFd window_;
    base::Process gateway_;
};

}  // namespace

TEST_SUITE("e2e/terminal") {
    TEST_CASE(
        "in an open terminal SIGHUP reads the files anew, and a closed one ends the gateway") {
        const GatewayFiles files(three_apps_world(), "http://127.0.0.1:1");
        const auto logs = [&](const std::string& words) {
            return eventually([&] { return files.log().find(words) != std::string::npos; });
        };
        Terminal terminal(files);
        REQUIRE(logs("gateway ready"));
        terminal.send(SIGHUP);
        CHECK(logs("reload: nothing has changed"));
        terminal.close();
        CHECK(terminal.ending() == base::Ending{});
        CHECK(logs("SIGHUP: stopping"));
    }
}

}  // namespace hermes::test
