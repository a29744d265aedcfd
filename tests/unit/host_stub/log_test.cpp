#include "output/log.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <cstdlib>
#include <regex>

#include "base/unique_fd.hpp"
#include "config/text_file.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;

namespace {

enum class Stderr { file, journal };

// What `log` writes of three entries to stderr, which is a file that the journal has connected, or
// another one.
std::string written(const LogConfig& config, Stderr target = Stderr::file) {
    const hermes::test::TempDirectory folder;
    const auto file = folder.path() / "log";
    std::fflush(stderr);
    const hermes::base::UniqueFd kept(::dup(STDERR_FILENO));
    REQUIRE(std::freopen(file.c_str(), "w", stderr) != nullptr);
    struct stat status {};
    REQUIRE(::fstat(STDERR_FILENO, &status) == 0);
    const auto stream = std::to_string(status.st_dev) + ':' +
                        std::to_string(status.st_ino + (target == Stderr::file ? 1 : 0));
    ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
    const auto log = make_log(config);
    ::unsetenv("JOURNAL_STREAM");
    log->write(hermes::LogLevel::debug, "agent", "thinks");
    log->write(hermes::LogLevel::warning, "gate\"way", "a \"word\"\nand a line");
    log->write(hermes::LogLevel::error, "agent", "\xe4\xbd\xa0");
    std::fflush(stderr);
    ::dup2(kept.get(), STDERR_FILENO);
    return read_text_file(file);
}

}  // namespace

TEST_SUITE("host_stub/log") {
    TEST_CASE("a line has time, level, source and message, and none of its own line ends") {
        const std::regex two_lines(
            R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} warning \[gate"way\] a "word" and a line\n)"
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} error \\[agent\\] \xe4\xbd\xa0\n");
        CHECK(std::regex_match(written({hermes::LogLevel::info, LogFormat::text}), two_lines));
    }

    TEST_CASE("as JSON a line is an object, with a time that says its zone") {
        const auto text = written({hermes::LogLevel::warning, LogFormat::json});
        const auto entry = boost::json::parse(text.substr(0, text.find('\n'))).as_object();
        CHECK(entry.size() == 4);
        CHECK(
            std::regex_match(std::string(entry.at("time").as_string()),
                             std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d)")));
        CHECK(entry.at("level") == "warning");
        CHECK(entry.at("source") == "gate\"way");
        CHECK(entry.at("message") == "a \"word\" and a line");
    }

    TEST_CASE("a line is UTF-8 whatever a program says, and commands nothing of a terminal") {
        CHECK(one_line("\xc4\xe3 boom") == "\uFFFD\uFFFD boom");  // GBK
        CHECK(one_line("a\x1b[2J\xc2\x9b"
                       "2J\x7f") == "a [2J 2J ");
        CHECK(one_line("\xc2\xa9 \xe4\xbd\xa0") == "\xc2\xa9 \xe4\xbd\xa0");
    }

    TEST_CASE("for the journal a line begins with its priority and has no time") {
        CHECK(written({hermes::LogLevel::debug, LogFormat::text}, Stderr::journal) ==
              "<7>debug [agent] thinks\n"
              "<4>warning [gate\"way] a \"word\" and a line\n"
              "<3>error [agent] \xe4\xbd\xa0\n");
        const auto json = written({hermes::LogLevel::error, LogFormat::json}, Stderr::journal);
        REQUIRE(json.starts_with("<3>{"));
        CHECK(boost::json::parse(json.substr(3)).as_object().at("level") == "error");
    }

    TEST_CASE("what is below the level is left out") {
        const auto text = written({hermes::LogLevel::debug, LogFormat::text});
        CHECK(text.find(" debug [agent] thinks\n") != std::string::npos);
        CHECK(written({hermes::LogLevel::error, LogFormat::text}).find("warning") ==
              std::string::npos);
    }
}
