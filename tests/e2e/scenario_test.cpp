// `simulate --play`: the scenarios in examples/scenarios, and what is said of one that fails.
#include <doctest/doctest.h>

#include <fstream>
#include <future>
#include <map>
#include <sstream>
#include <string>

#include "support/e2e_world.hpp"
#include "support/gateway_process.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

std::string scenario(const std::string& name) {
    return source_file("examples/scenarios/" + name);
}

Finished play(const std::string& file, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"simulate", "--play", file, "--plugins-dir",
                                       built_file("plugins")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_host(arguments);
}

Finished play_in(const fs::path& run_folder, const std::string& file) {
    return play(file, {"--run-dir", run_folder.string()});
}

// By path.
std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        if (file.is_regular_file()) {
            std::ostringstream content;
            content << std::ifstream(file.path()).rdbuf();
            files[file.path()] = content.str();
        }
    }
    return files;
}

// In a folder of its own.
class Written {
public:
    explicit Written(const std::string& text) { std::ofstream(file()) << text; }

    std::string file() const { return (folder_.path() / "a.yaml").string(); }
    const fs::path& folder() const { return folder_.path(); }

private:
    TempDirectory folder_;
};

void put_to_work(const fs::path& config, const std::string& agent) {
    std::ostringstream text;
    text << std::ifstream(config).rdbuf();
    auto changed = text.str();
    const std::string echo = "agent: {kind: echo}";
    REQUIRE(changed.find(echo) != std::string::npos);
    changed.replace(changed.find(echo), echo.size(), agent);
    std::ofstream(config) << changed;
}

}  // namespace

TEST_SUITE("e2e/scenario") {
    TEST_CASE("what was acknowledged before a kill is answered once, in order") {
        const auto played = play(scenario("killed.yaml"));
        CHECK(played.out == scenario("killed.yaml") + ": 12 steps, all as expected\n");
        CHECK(played.exit_code == 0);
    }

    TEST_CASE("a bad day changes no answer") {
        const auto played = play(scenario("bad_day.yaml"));
        CHECK(played.out == scenario("bad_day.yaml") + ": 11 steps, all as expected\n");
        CHECK(played.exit_code == 0);
    }

    TEST_CASE("several scenarios are played at once") {
        std::vector<std::future<Finished>> plays;
        for (int i = 0; i < 3; ++i) {
            plays.push_back(
                std::async(std::launch::async, [] { return play(scenario("bad_day.yaml")); }));
        }
        for (auto& played : plays) {
            CHECK(played.get().exit_code == 0);
        }
    }

    TEST_CASE("an agent's own scenario is played with the configuration that it is in") {
        const Written hello("app: assistant\nas: lisi\nsteps: [write: hi, expect: 'echo: hi']");
        const auto run_folder = hello.folder() / "run";
        CHECK(play_in(run_folder, hello.file()).exit_code == 0);
        put_to_work(run_folder / "config.yaml", "agent: {kind: command, command: [python3, " +
                                                    source_file("examples/agents/notes.py") + "]}");
        const auto played = play_in(run_folder, scenario("notes.yaml"));
        CHECK(played.out == scenario("notes.yaml") + ": 10 steps, all as expected\n");
        CHECK(played.exit_code == 0);
    }

    TEST_CASE("what a gateway keeps stays as it is when its configuration is played with") {
        const TempDirectory media;
        const GatewayFiles files(three_apps_world(), "http://127.0.0.1:1",
                                 "media_dir: " + media.path().string() + "\n");
        fs::create_directories(files.directory() / "data");
        for (const auto& file :
             {files.directory() / "data" / "sessions.json",
              files.directory() / "data" / "in_force.json", media.path() / "plan.txt"}) {
            std::ofstream(file) << "{}";
        }
        const auto before = files_in(files.directory());
        const Written again(
            "app: hr\nas: alice\nsteps: [write: hi, expect: 'echo: hi', file: b.txt,"
            " expect_match: b.txt, write: /new, expect_match: .]");
        std::ofstream(again.folder() / "b.txt") << "some words";
        const auto played = play(again.file(), {"--config", files.config().string()});
        CAPTURE(played.out + played.err);
        CHECK(played.exit_code == 0);
        CHECK(files_in(files.directory()) == before);
        CHECK(files_in(media.path()).size() == 1);
    }

    TEST_CASE("a member's file is beside the scenario, and a new member may write") {
        const Written file("app: sales\nas: newcomer\nsteps: [file: plan.txt, expect_match: plan]");
        std::ofstream(file.folder() / "plan.txt") << "rest, and more";
        CHECK(play(file.file()).exit_code == 0);
    }

    TEST_CASE("each difference is a line, and all are told") {
        const Written wrong(
            "app: assistant\nas: lisi\nwithin: 1\nsteps:\n"
            "  - write: one\n"
            "  - expect: two\n"
            "  - expect: three\n"
            "  - press: Yes\n"
            "  - write: four\n"
            "    acknowledged: false\n"
            "  - await: delivered\n"
            "  - await: delivered\n");
        const auto played = play(wrong.file());
        const auto at = [&](int line) { return wrong.file() + ", line " + std::to_string(line); };
        CHECK(played.out ==
              at(6) + ": lisi in assistant got \"echo: one\", expected \"two\"\n" + at(7) +
                  ": lisi in assistant got nothing within 1 s, expected \"three\"\n" + at(8) +
                  ": there is no card in this chat\n" + at(9) +
                  ": the gateway acknowledged what it was expected not to\n" + wrong.file() +
                  ": lisi in assistant got \"echo: four\", which is not expected\n" + wrong.file() +
                  ": 7 steps, 5 differences\n");
        CHECK(played.exit_code == 1);
    }

    TEST_CASE("a scenario that can't be read, or names no app that there is, is refused") {
        const Written broken("steps:\n  - write\n");
        const auto refused = play(broken.file());
        CHECK(refused.err ==
              "error: " + broken.file() + ", line 2: a step is a map, such as \"write: hello\"\n");
        CHECK(refused.exit_code == 2);
        const auto absent = play("/nowhere.yaml");
        CHECK(absent.err == "error: /nowhere.yaml: cannot be read: No such file or directory\n");
        CHECK(absent.exit_code == 2);
        const Written nowhere("as: lisi\nsteps:\n  - {write: hi, app: legal}\n");
        CHECK(play(nowhere.file()).err ==
              "error: " + nowhere.file() +
                  ", line 3: there is no app \"legal\", there are assistant, it-help, sales\n");
    }
}

}  // namespace hermes::test
