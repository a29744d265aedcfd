// The command line as an operator meets it: exit codes, and one line for each mistake.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/child_process.hpp"
#include "config/environment.hpp"
#include "support/eventually.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
using hermes::base::ChildOptions;
using hermes::base::ChildResult;
namespace fs = std::filesystem;

namespace {

struct Ended {
    int status = -1;
    std::string out{};
    std::string last_error{};
};

class Desk {
public:
    Desk() { fs::create_directory(path() / "plugins"); }

    const fs::path& path() const { return directory_.path(); }
    std::string config() const { return (path() / "config.yaml").string(); }

    void add_plugin(const fs::path& library) const {
        fs::create_symlink(library, path() / "plugins" / library.filename());
    }
    void write_config(std::string_view yaml) const { std::ofstream(config()) << yaml; }

    Ended run(std::vector<std::string> arguments, const std::string& input = "") const {
        arguments.insert(arguments.begin(), HERMES_HOST_STUB);
        ChildOptions options;
        options.command = std::move(arguments);
        options.input = input;
        options.timeout = hermes::test::patience;
        options.output_bytes_max = 1024 * 1024;
        for (const auto& [name, value] : process_environment()) {
            options.environment.push_back(name + "=" + value);
        }
        const auto child = hermes::base::run_child(options, {});
        return {child.end == ChildResult::End::exited ? child.status : -1, child.output,
                child.last_error_line};
    }

private:
    hermes::test::TempDirectory directory_{};
};

// A desk with the echo platform enabled on any free port.
struct EchoDesk : Desk {
    explicit EchoDesk(const std::string& more = "") {
        add_plugin(HERMES_ECHO_PLATFORM);
        write_config("platforms: {echo_platform: {extra: {port: 0}}}\n" + more);
    }
};

}  // namespace

TEST_SUITE("host_stub/cli") {
    TEST_CASE("a configuration without mistakes is ok, and its platforms are named") {
        const EchoDesk desk;
        const auto ended = desk.run({"config", "check", "--config", desk.config()});
        CHECK(ended.status == 0);
        CHECK(ended.out == "config ok\n  echo_platform\n");
    }

    TEST_CASE("plugins are listed, with their settings on request") {
        const EchoDesk desk;
        const auto list = desk.run({"plugins", "list", "--config", desk.config()});
        CHECK(list.status == 0);
        CHECK(list.out.starts_with("echo_platform 0.1.0  Lines over TCP on loopback"));
        const auto settings =
            desk.run({"plugins", "list", "--settings", "--config", desk.config()});
        CHECK(settings.out.find("    port: integer, 0 to 65535, default 8646\n"
                                "        port to listen on; 0 for any free one\n"
                                "        ECHO_PLATFORM_PORT\n") != std::string::npos);
    }

    TEST_CASE("a gateway says when it is ready, and ends well on SIGTERM and on SIGINT") {
        for (const int signal : {SIGTERM, SIGINT}) {
            const EchoDesk desk;
            // The shell waits for the line, signals its child and passes its status on.
            const auto script =
                "\"$0\" gateway start --config \"$1\" > out & pid=$!; "
                "until grep -q '^gateway ready' out; do sleep 0.02; done; cat out; "
                "kill -" +
                std::to_string(signal) + " $pid; wait $pid";
            ChildOptions options;
            options.command = {"/bin/bash",      "-c",          "cd \"$2\"; " + script,
                               HERMES_HOST_STUB, desk.config(), desk.path().string()};
            options.environment = {"PATH=/usr/bin:/bin"};
            options.timeout = hermes::test::patience;
            options.output_bytes_max = 1024 * 1024;
            const auto child = hermes::base::run_child(options, {});
            CHECK(child.end == ChildResult::End::exited);
            CHECK(child.status == 0);
            CHECK(child.output == "gateway ready: echo_platform\n");
            CHECK(child.last_error_line.ends_with("[gateway] stopped"));
        }
    }

    TEST_CASE("a plugin that keeps the contract is told so") {
        const Desk desk;
        const auto ended =
            desk.run({"plugins", "check", std::string(HERMES_BAD_PLUGINS) + "/libnone.so"});
        CHECK(ended.status == 0);
        CHECK(ended.out.ends_with("libnone.so: keeps the contract\n"));
    }
}

TEST_SUITE("host_stub/cli refuses with exit status 2") {
    TEST_CASE("a wrong usage") {
        const Desk desk;
        CHECK(desk.run({}).status == 2);
        CHECK(desk.run({"gateway"}).status == 2);
        CHECK(desk.run({"gateway", "stop"}).status == 2);
        CHECK(desk.run({"send", "--text", "hi"}).status == 2);
        CHECK(desk.run({"--help"}).status == 0);
    }

    TEST_CASE("a configuration that is not there") {
        const Desk desk;
        const auto ended = desk.run({"gateway", "start", "--config", desk.config()});
        CHECK(ended.status == 2);
        CHECK(ended.last_error ==
              "error: " + desk.config() + ": cannot be read: No such file or directory");
    }

    TEST_CASE("mistakes in the configuration") {
        EchoDesk desk;
        desk.write_config("platforms: {echo_platform: {extra: {prt: 0}}}\n");
        for (const auto* command : {"gateway start", "config check", "state"}) {
            std::vector<std::string> words;
            const std::string text = command;
            const auto space = text.find(' ');
            words.push_back(text.substr(0, space));
            if (space != std::string::npos) {
                words.push_back(text.substr(space + 1));
            }
            words.insert(words.end(), {"--config", desk.config()});
            const auto ended = desk.run(words);
            CHECK(ended.status == 2);
            CHECK(ended.last_error == "error: " + desk.config() + ": 1 error");
        }
    }

    TEST_CASE("a gateway without a platform") {
        const Desk desk;
        desk.write_config("");
        const auto ended = desk.run({"gateway", "start", "--config", desk.config()});
        CHECK(ended.status == 2);
        CHECK(ended.last_error ==
              "error: no platform is enabled: set platforms.<name>.enabled in " + desk.config());
    }

    TEST_CASE("a platform whose plugin is not there") {
        const Desk desk;
        desk.write_config("platforms: {wecom_callback: {}}\n");
        CHECK(desk.run({"config", "check", "--config", desk.config()}).status == 2);
    }

    TEST_CASE("a message with nothing in it") {
        const EchoDesk desk;
        const auto ended = desk.run({"send", "--config", desk.config(), "--chat", "1"});
        CHECK(ended.status == 2);
        CHECK(ended.last_error ==
              "error: there is nothing to send: give --text, or the text on stdin");
    }

    TEST_CASE("state of platforms that keep none") {
        const EchoDesk desk;
        const auto ended = desk.run({"state", "--config", desk.config()});
        CHECK(ended.status == 2);
        CHECK(ended.last_error == "error: no enabled platform keeps state");
    }
}

TEST_SUITE("host_stub/cli fails with exit status 1") {
    TEST_CASE("if a platform does not start, naming it and the setting") {
        EchoDesk desk;
        desk.write_config("platforms: {echo_platform: {extra: {port: 1}}}\n");
        std::ofstream(desk.path() / "data") << "not a folder";
        const auto ended = desk.run({"gateway", "start", "--config", desk.config()});
        CHECK(ended.status == 1);
        CHECK(ended.last_error == "error: platform echo_platform did not start: data_dir: " +
                                      (desk.path() / "data" / "echo_platform").string() +
                                      " cannot be made: Not a directory");
    }

    TEST_CASE("if a message is not delivered, with the platform's reason") {
        const EchoDesk desk;
        const auto ended =
            desk.run({"send", "--config", desk.config(), "--chat", "7"}, "from stdin\n");
        CHECK(ended.status == 1);
        CHECK(ended.last_error == "failed: nobody is connected as chat 7");
    }

    TEST_CASE("if a plugin does not keep the contract") {
        const Desk desk;
        const auto ended = desk.run(
            {"plugins", "check", std::string(HERMES_BAD_PLUGINS) + "/libkeeps_handler.so"});
        CHECK(ended.status == 1);
        CHECK(ended.out.ends_with("libkeeps_handler.so: 2 checks failed\n"));
    }
}
