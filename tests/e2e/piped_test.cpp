// `simulate` without a terminal: lines come from a pipe, and the answers are waited for.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "support/gateway_process.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

// The demonstration with an agent of the test's, a command in sh.
class Demonstration {
public:
    Demonstration(const std::string& script, const std::string& output) {
        REQUIRE(simulate("").exit_code == 0);
        const auto config = folder() / "config.yaml";
        std::ostringstream text;
        text << std::ifstream(config).rdbuf();
        auto changed = text.str();
        const std::string echo = "agent: {kind: echo}";
        REQUIRE(changed.find(echo) != std::string::npos);
        changed.replace(changed.find(echo), echo.size(),
                        "agent: {kind: command, output: " + output + ", command: [sh, " +
                            (folder() / "agent.sh").string() + "]}");
        std::ofstream(config) << changed;
        std::ofstream(folder() / "agent.sh") << script;
    }

    Finished simulate(const std::string& input) const {
        return run_host({"simulate", "--port", "0", "--run-dir", folder().string(), "--plugins-dir",
                         built_file("plugins")},
                        {}, input);
    }
    const fs::path& folder() const { return folder_.path(); }

private:
    TempDirectory folder_;
};

// Of those words in what was printed.
std::size_t place(const Finished& finished, const std::string& words) {
    CAPTURE(finished.out);
    CAPTURE(words);
    const auto at = finished.out.find(words);
    CHECK(at != std::string::npos);
    return at;
}

}  // namespace

TEST_SUITE("e2e/piped") {
    TEST_CASE("the end of input waits for the reply, not only for what the agent says before it") {
        const Demonstration demonstration(
            "cat > /dev/null; echo '{\"type\":\"interim\",\"text\":\"a moment\"}'; sleep 2;"
            " echo '{\"type\":\"reply\",\"text\":\"here it is\"}'",
            "json");
        const auto finished = demonstration.simulate("hello\n");
        CHECK(place(finished, ": a moment\n") < place(finished, ": here it is\n"));
        CHECK(finished.exit_code == 0);
    }

    TEST_CASE("the faults are listed by the whole names that :fault takes") {
        const Demonstration demonstration("cat", "text");
        const auto finished = demonstration.simulate(":faults\n:fault wrong-length-file\n");
        place(finished, "\nwrong-length-file  ");
        CHECK(finished.out.find("which fault?") == std::string::npos);
    }

    TEST_CASE("a message that nobody answers any more is said, and the exit status is 1") {
        const Demonstration demonstration("exec sleep 600", "text");
        const auto finished = demonstration.simulate("hello\n:kill\n");
        place(finished, "1 message has no answer yet, and the gateway has ended");
        CHECK(finished.exit_code == 1);
    }

    TEST_CASE("a card is waited for before it is pressed, and the answer to the press at the end") {
        const Demonstration demonstration(
            "if grep -q '\"kind\":\"choice\"'; then sleep 2;"
            " echo '{\"type\":\"reply\",\"text\":\"it is restarted\"}';"
            " else sleep 2; echo '{\"type\":\"reply\",\"text\":\"Restart it?\",\"choices\":"
            "{\"id\":\"q\",\"options\":[{\"id\":\"y\",\"label\":\"Yes\"},"
            "{\"id\":\"n\",\"label\":\"No\"}]}}'; fi",
            "json");
        const auto finished = demonstration.simulate("restart db2\n:press Yes\n");
        CAPTURE(finished.out);
        CHECK(place(finished, "Restart it?") < place(finished, ":press Yes\n"));
        CHECK(place(finished, ":press Yes\n") < place(finished, ": it is restarted\n"));
        CHECK(finished.exit_code == 0);
    }

    TEST_CASE("a request whose access token names no app is printed without one") {
        const Demonstration demonstration("echo fine", "text");
        CHECK(demonstration.simulate("one\n").exit_code == 0);
        const auto finished = demonstration.simulate("two\n");  // with the token of another WeCom
        place(finished, "40014 invalid access_token\n");
        CHECK(finished.out.find("<- : ") == std::string::npos);
    }

    TEST_CASE("what waited since an earlier run is printed as itself, and is no other's answer") {
        const Demonstration demonstration(
            "[ -e " + std::string("\"$(dirname \"$0\")\"/go ] || exec sleep 600;") +
                " sed 's/.*\"text\":\"\\([a-z]*\\)\".*/heard \\1/'",
            "text");
        CHECK(demonstration.simulate("one\n:quit\n").exit_code == 0);
        std::ofstream(demonstration.folder() / "go");
        const auto finished = demonstration.simulate("two\n");
        CHECK(place(finished, ": heard one\n") < place(finished, ": heard two\n"));
        CHECK(finished.exit_code == 0);
    }
}

}  // namespace hermes::test
