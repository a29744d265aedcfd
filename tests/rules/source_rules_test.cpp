// Rules of this source tree that no compiler checks. Each failure says what to do instead.
#include <doctest/doctest.h>

#include <boost/regex.hpp>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include "rules/sources.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t lines_max = 400;

bool is_test(const std::string& path) {
    return path.starts_with("tests/");
}

}  // namespace

TEST_SUITE("rules/sources") {
    TEST_CASE("a file has one subject and fits 400 lines") {
        std::ostringstream broken;
        for (const auto& file : sources({".hpp", ".cpp", ".sh", ".js", ".css"})) {
            if (file.lines.size() > lines_max) {
                broken << file.path << " (" << file.lines.size() << ") ";
            }
        }
        CHECK_MESSAGE(broken.str() == "", "split it by subject: ", broken.str());
    }

    TEST_CASE("no file or folder is a drawer for anything") {
        static const boost::regex drawer("(^|[/_])(utils?|common|helpers?|manager|misc)([/_.]|$)");
        std::ostringstream broken;
        for (const auto& file : sources({".hpp", ".cpp", ".js"})) {
            if (boost::regex_search(file.path, drawer)) {
                broken << file.path << ' ';
            }
        }
        CHECK_MESSAGE(broken.str() == "", "name it by its one idea: ", broken.str());
    }

    TEST_CASE("no statement with co_await makes a struct literal, which gcc 12 frees twice") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                static const boost::regex literal(R"(co_await.*\{\s*\.)");
                return !path.starts_with("tests/rules/") && boost::regex_search(line, literal);
            });
        CHECK_MESSAGE(broken == "", "name the value on the line above: ", broken);
    }

    TEST_CASE("no coroutine is detached") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                return !path.starts_with("tests/rules/") &&
                       line.find("asio::detached") != std::string::npos;
            });
        CHECK_MESSAGE(broken == "", "give co_spawn a handler that sees the exception: ", broken);
    }

    TEST_CASE("no plugin makes an object that allocates while it is loaded") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                static const boost::regex object(
                    R"(^(static |inline |const )*std::)"
                    R"((string|vector|map|set|unordered_\w+|deque|regex|function)\b[^(]*(=|\{|;))");
                return path.starts_with("plugins/") && boost::regex_search(line, object);
            });
        CHECK_MESSAGE(broken == "",
                      "make it constexpr or a function: what it throws ends the host ", broken);
    }

    TEST_CASE("every file of tests is compiled") {
        std::set<std::string> compiled;
        for (const auto& file : sources({".txt", ".cmake"})) {
            const auto folder = fs::path(file.path).parent_path();
            static const boost::regex name(R"([\w/.-]+_test\.cpp)");
            for (const auto& line : file.lines) {
                for (boost::sregex_iterator word(line.begin(), line.end(), name), end; word != end;
                     ++word) {
                    compiled.insert((folder / word->str()).generic_string());
                    // A list that is included by the folder above.
                    compiled.insert((folder.parent_path() / word->str()).generic_string());
                }
            }
        }
        std::string forgotten;
        for (const auto& file : sources({".cpp"})) {
            if (file.path.ends_with("_test.cpp") && !compiled.contains(file.path)) {
                forgotten += file.path + ' ';
            }
        }
        CHECK_MESSAGE(forgotten == "", "add it to the CMakeLists.txt of its folder: ", forgotten);
    }

    TEST_CASE("no test name holds a semicolon, at which ctest's lists are cut") {
        const auto broken = offenders(sources({".cpp"}), [](const auto& path, const auto& line) {
            static const boost::regex name(R"(TEST_CASE(_FIXTURE)?\([^)]*"[^"]*;[^"]*")");
            return is_test(path) && boost::regex_search(line, name);
        });
        CHECK_MESSAGE(broken == "", "use a comma: ", broken);
    }

    TEST_CASE("nothing cites a list that is not in this repository, such as (X9) or X9: alone") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                static const boost::regex citation(
                    R"rx((\(|"|// )[A-Z][0-9]{1,2}(, [A-Z][0-9]{1,2})*(\)|: ))rx"
                    R"rx(|[Uu]pstream (defect|test|pull request))rx");
                return !path.starts_with("tests/rules/") && boost::regex_search(line, citation);
            });
        CHECK_MESSAGE(broken == "", "say it in a sentence: ", broken);
    }

    TEST_CASE("no test sleeps") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                static const boost::regex sleep(R"(sleep_for|sleep_until|\busleep\(|\bsleep\()");
                // Plugins that misbehave on purpose, the one place that looks again and again, a
                // foreign server that has no other way to be asked whether it is up, and what only
                // measures.
                static const boost::regex exempt(
                    "^tests/(rules/|contract/bad_plugins/|support/eventually|"
                    "support/postgres_server|.*_bench\\.cpp$)");
                return is_test(path) && !boost::regex_search(path, exempt) &&
                       boost::regex_search(line, sleep);
            });
        CHECK_MESSAGE(broken == "", "wait for the event: ", broken);
    }

    TEST_CASE("a lock file names no registry, and no file a path of one machine") {
        const auto broken =
            offenders(sources({".json", ".hpp", ".cpp", ".md", ".sh", ".js", ".mjs", ".txt"}),
                      [](const auto& path, const auto& line) {
                          return !path.starts_with("tests/rules/") &&
                                 (line.find("\"resolved\": \"http") != std::string::npos ||
                                  line.find("/home/") != std::string::npos ||
                                  line.find("/work/") != std::string::npos);
                      });
        CHECK_MESSAGE(broken == "",
                      "npm's omit-lockfile-registry-resolved leaves it out: ", broken);
    }
}

}  // namespace hermes::test
