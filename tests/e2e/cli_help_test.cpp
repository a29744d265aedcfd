// What the command line tells of itself.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "support/gateway_process.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

namespace {

std::string told(const std::vector<std::string>& words) {
    const auto finished = run_host(words);
    CAPTURE(finished.err);
    REQUIRE(finished.exit_code == 0);
    return finished.out;
}

std::string refusal(const std::vector<std::string>& words) {
    const auto finished = run_host(words);
    CHECK(finished.exit_code == 2);
    return finished.err.substr(0, finished.err.find('\n'));
}

// What bash offers for the last of these words.
std::set<std::string> bash_offers(const std::vector<std::string>& words) {
    const TempDirectory folder;
    std::ofstream(folder.path() / "script") << told({"completion", "bash"});
    std::ofstream(folder.path() / "config.yaml") << "";
    std::string line =
        "cd " + folder.path().string() + "; . ./script; COMP_WORDS=(hermes-host-stub";
    for (const auto& word : words) {
        line += " '" + word + '\'';
    }
    line += "); COMP_CWORD=" + std::to_string(words.size()) +
            "; _hermes_host_stub; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const auto finished = run_program({"bash", "--norc", "-c", line});
    CAPTURE(finished.err);
    REQUIRE(finished.exit_code == 0);
    CHECK(finished.err.empty());
    std::istringstream lines(finished.out);
    std::set<std::string> offers;
    for (std::string offer; std::getline(lines, offer);) {
        offers.insert(offer);
    }
    return offers;
}

using Offers = std::set<std::string>;

Finished told_in_chinese(const std::vector<std::string>& words) {
    return run_host(words, {"LC_ALL=zh_CN.UTF-8"});
}

// All commands that run, and those above them.
std::set<std::vector<std::string>> all_commands() {
    std::set<std::vector<std::string>> commands;
    std::istringstream page(told({"manual"}));
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with(".SS ")) {
            std::istringstream words(line.substr(4));
            std::vector<std::string> command;
            commands.insert(command);
            for (std::string word; words >> word;) {
                command.push_back(word);
                commands.insert(command);
            }
        }
    }
    return commands;
}

// Every command and option that any --help shows.
std::set<std::string> all_options(const std::vector<std::string>& command = {}) {
    auto words = command;
    words.push_back("--help");
    const auto help = told(words);
    std::set<std::string> names;
    const std::regex option("--[a-z][a-z-]+");
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) {
        names.insert(at->str());
    }
    return names;
}

}  // namespace

TEST_SUITE("host_stub/cli help") {
    TEST_CASE("the program says which version it is") {
        CHECK(std::regex_match(told({"--version"}),
                               std::regex("hermes-host-stub [0-9]+\\.[0-9]+\\.[0-9]+\n")));
    }

    TEST_CASE("a mistyped command or option is told with the one that was probably meant") {
        CHECK(refusal({"stat"}) == "error: `stat` is no command, did you mean state?");
        CHECK(refusal({"gatway", "start"}) ==
              "error: `gatway` is no command, did you mean gateway?");
        CHECK(refusal({"state", "dead", "lst"}) ==
              "error: `lst` is no command of dead, did you mean list?");
        CHECK(refusal({"gateway", "start", "--cofnig", "x"}) ==
              "error: `--cofnig` is no option of start, did you mean --config?");
        CHECK(refusal({"send", "--menu-shw"}) ==
              "error: `--menu-shw` is no option of send, did you mean --menu-show?");
    }

    TEST_CASE("what resembles nothing is told as that, and what is missing by its name") {
        CHECK(refusal({"make-coffee"}) == "error: `make-coffee` is no command");
        CHECK(refusal({"gateway", "start", "--xyzzy"}) == "error: `--xyzzy` is no option of start");
        CHECK(refusal({"send"}) == "error: --chat is required");
        CHECK(refusal({}) == "error: A subcommand is required");
        CHECK(refusal({"gateway", "start", "--log-level", "loud"}) ==
              "error: --log-level: loud not in {debug,error,info,warning}");
    }

    TEST_CASE("the help of every command tells what the exit status means") {
        for (const auto& command : std::vector<std::vector<std::string>>{
                 {}, {"gateway", "start"}, {"state", "dead", "retry"}, {"send"}}) {
            auto words = command;
            words.push_back("--help");
            CHECK(told(words).find("Exit status: 0 done; 1 it failed") != std::string::npos);
        }
    }

    TEST_CASE("an operator with a Chinese locale reads all help in Chinese") {
        const std::regex english("^(?!用法: |.*`).*[a-z]{2,} [a-z]{2,} [a-z]{2,}");
        const auto commands = all_commands();
        CHECK(commands.size() > 20);
        for (auto words : commands) {
            words.emplace_back("--help");
            std::istringstream help(told_in_chinese(words).out);
            int lines = 0;
            for (std::string line; std::getline(help, line); ++lines) {
                CAPTURE(line);
                CHECK_FALSE(std::regex_search(line, english));
            }
            CHECK(lines > 5);
        }
    }

    TEST_CASE("and what is wrong with the arguments") {
        const auto refused = [](const std::vector<std::string>& words) {
            const auto finished = told_in_chinese(words);
            CHECK(finished.exit_code == 2);
            return finished.err;
        };
        CHECK(refused({"stat"}) ==
              "error: 没有命令 `stat`，是否要用 state？\n用 --help 查看说明。\n");
        CHECK(refused({"gateway", "start", "--xyzzy"})
                  .starts_with("error: start 没有选项 `--xyzzy`"));
        CHECK(refused({}).starts_with("error: 需要写出子命令\n"));
        CHECK(refused({"send"}).starts_with("error: 需要 --chat\n"));
        CHECK(refused({"simulate", "--port", "x"}).starts_with("error: --port 的值无效：x\n"));
        CHECK(refused({"simulate", "--gateways", "44"})
                  .starts_with("error: --gateways：44 不在 1 至 9 之间\n"));
    }

    TEST_CASE("bash completes commands, options, the words an option takes, and files") {
        CHECK(bash_offers({"st"}) == Offers{"state"});
        CHECK(bash_offers({"state", "d"}) == Offers{"dead", "drain"});
        const auto dead = bash_offers({"state", "--json", "dead", ""});
        CHECK(dead.contains("retry"));
        CHECK_FALSE(dead.contains("gateway"));
        CHECK(bash_offers({"gateway", "start", "--log-f"}) == Offers{"--log-format"});
        CHECK(bash_offers({"gateway", "start", "--log-format", ""}) == Offers{"json", "text"});
        CHECK(bash_offers({"gateway", "start", "--config", "c"}) == Offers{"config.yaml"});
        CHECK(bash_offers({"send", "--chat", ""}) == Offers{""});
        CHECK_FALSE(bash_offers({""}).contains("manual"));
    }

    TEST_CASE("zsh takes its script" * doctest::skip(find_program("zsh").empty())) {
        const TempDirectory folder;
        const auto file = (folder.path() / "_hermes-host-stub").string();
        std::ofstream(file) << told({"completion", "zsh"});
        const auto finished = run_program({"zsh", "-f", "-n", file});
        CHECK(finished.err.empty());
        CHECK(finished.exit_code == 0);
    }

    TEST_CASE("the manual page has every option, the exit status, and is sound roff") {
        const auto page = told({"manual"});
        CHECK(page.starts_with(".TH \"hermes-host-stub\" 1"));
        CHECK(page.find(".SH EXIT STATUS") != std::string::npos);
        for (const auto& command : std::vector<std::vector<std::string>>{{"gateway", "start"},
                                                                         {"send"},
                                                                         {"state", "dead", "retry"},
                                                                         {"doctor"},
                                                                         {"plugins", "check"},
                                                                         {"simulate"}}) {
            std::string path;
            for (const auto& word : command) {
                path += (path.empty() ? "" : " ") + word;
            }
            CHECK(page.find(".SS " + path) != std::string::npos);
            for (auto option : all_options(command)) {
                option = std::regex_replace(option, std::regex("-"), "\\-");
                CAPTURE(option);
                CHECK(page.find(option) != std::string::npos);
            }
        }
    }

    TEST_CASE("groff finds nothing wrong with it" * doctest::skip(find_program("groff").empty())) {
        const TempDirectory folder;
        const auto file = (folder.path() / "page.1").string();
        std::ofstream(file) << told({"manual"});
        const auto finished = run_program({"groff", "-man", "-ww", "-z", "-Tascii", file});
        CHECK(finished.err.empty());
        CHECK(finished.exit_code == 0);
    }
}

}  // namespace hermes::test
