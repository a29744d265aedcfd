// What somebody has started in a terminal.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/process.hpp"
#include "e2e/gateway_rig.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

// A window, and a program as what its shell has become.
class Terminal {
public:
    Terminal(std::vector<std::string> program, const std::filesystem::path& printed) {
        int window = -1, inside = -1;
        REQUIRE(::openpty(&window, &inside, nullptr, nullptr, nullptr) == 0);
        window_ = base::UniqueFd(window);
        ::fcntl(window, F_SETFD, FD_CLOEXEC);
        const base::UniqueFd terminal(inside);
        const base::UniqueFd log(
            ::open(printed.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        base::ProcessOptions options;
        options.command = {"setsid", "--ctty"};
        options.command.insert(options.command.end(), program.begin(), program.end());
        options.input = base::Stream(terminal);
        options.output = options.errors = base::Stream(log);
        program_ = base::Process::start(options).value();
    }

    void send(int signal) const { program_.signal(signal); }
    void type(const std::string& keys) const {
        REQUIRE(::write(window_.get(), keys.data(), keys.size()) ==
                static_cast<ssize_t>(keys.size()));
    }
    void close() { window_.reset(); }
    // Once it has ended.
    std::optional<base::Ending> ending() {
        return program_.wait_until(std::chrono::steady_clock::now() + patience);
    }

private:
    base::UniqueFd window_;
    base::Process program_;
};

std::string read(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

}  // namespace

TEST_SUITE("e2e/terminal") {
    TEST_CASE(
        "in an open terminal SIGHUP reads the files anew, and a closed one ends the gateway") {
        const GatewayFiles files(three_apps_world(), "http://127.0.0.1:1");
        const auto logs = [&](const std::string& words) {
            return eventually([&] { return files.log().find(words) != std::string::npos; });
        };
        Terminal terminal({built_file("bin/hermes-host-stub"), "gateway", "start", "--config",
                           files.config().string()},
                          files.directory() / "gateway.log");
        REQUIRE(logs("gateway ready"));
        terminal.send(SIGHUP);
        CHECK(logs("reload: nothing has changed"));
        terminal.close();
        CHECK(terminal.ending() == base::Ending{});
        CHECK(logs("SIGHUP: stopping"));
    }

    TEST_CASE("a simulator in the background serves its page while somebody types") {
        const TempDirectory folder;
        const auto printed = folder.path() / "printed";
        Terminal terminal({"bash", "--norc", "--noediting", "-i"}, printed);
        terminal.type("'" + built_file("bin/hermes-host-stub") + "' simulate --port 0 --run-dir '" +
                      folder.path().string() + "/run' --plugins-dir '" + built_file("plugins") +
                      "' &\n");
        static const std::regex page(R"(http://127\.0\.0\.1:\d+/\?key=\w+)");
        std::smatch found;
        std::string text;
        REQUIRE(eventually([&] {
            text = read(printed);
            return std::regex_search(text, found, page);
        }));
        terminal.type("true\n");
        for (int times = 0; times < 200; ++times) {
            REQUIRE(fetch("GET", found.str()).status == 303);  // to the page
        }
        terminal.type("fg\nhello\n");
        CHECK(eventually([&] { return read(printed).find("echo: hello") != std::string::npos; }));
        terminal.type("\x03");  // Ctrl-C
        terminal.type("exit\n");
        CHECK(terminal.ending());
    }
}

}  // namespace hermes::test
