// Rules of this source tree that no compiler checks. Each failure says what to do instead.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/regex.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t lines_max = 400;

struct Source {
    std::string path;  // relative to the root
    std::vector<std::string> lines;
};

bool is_ours(const std::string& path) {
    static const std::set<std::string> roots{"plugin_api", "plugins",        "host_stub",
                                             "tests",      "docs",           "cmake",
                                             "README.md",  "README.zh-CN.md"};
    return roots.contains(path.substr(0, path.find('/'))) &&
           path.find("node_modules") == std::string::npos &&
           path.find("host_stub/run/") == std::string::npos;
}

std::vector<Source> sources(const std::set<std::string>& extensions) {
    const fs::path root = source_file(".");
    std::vector<Source> found;
    for (auto entry = fs::recursive_directory_iterator(root);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const auto path = fs::relative(entry->path(), root).generic_string();
        if (entry->is_directory() &&
            (path == "build" || path == ".git" || entry->path().filename() == "node_modules")) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file() && is_ours(path) &&
                   extensions.contains(entry->path().extension().string())) {
            Source source{path, {}};
            std::ifstream file(entry->path());
            for (std::string line; std::getline(file, line);) {
                source.lines.push_back(line);
            }
            found.push_back(std::move(source));
        }
    }
    REQUIRE(!found.empty());
    return found;
}

// The rooms, by their folder, and whose headers each may include beside its own and those of
// libraries. `hermes` is plugin_api.
const std::map<std::string, std::set<std::string>>& rooms() {
    static const std::map<std::string, std::set<std::string>> allowed{
        {"plugin_api/include/hermes", {"hermes"}},
        {"plugins/base", {}},
        {"plugins/http", {"base"}},
        {"plugins/text", {"base"}},
        {"plugins/durable", {"base", "hermes"}},
        {"plugins/wecom_callback/protocol", {"base"}},
        {"plugins/wecom_callback/policy", {"base", "protocol"}},
        {"plugins/wecom_callback/api", {"base", "http", "durable", "protocol", "policy"}},
        {"plugins/wecom_callback/ingress",
         {"base", "http", "durable", "protocol", "policy", "hermes"}},
        {"plugins/wecom_callback/settings",
         {"base", "http", "text", "durable", "protocol", "policy", "api", "ingress", "hermes"}},
        {"plugins/wecom_callback/incoming",
         {"base", "http", "durable", "protocol", "policy", "api", "settings", "hermes"}},
        {"plugins/wecom_callback/outgoing",
         {"base", "text", "durable", "protocol", "policy", "api", "settings", "incoming",
          "hermes"}},
        {"plugins/wecom_callback/metrics",
         {"base", "http", "durable", "protocol", "policy", "api", "ingress", "hermes"}},
        {"plugins/wecom_callback/operator",
         {"base", "http", "durable", "protocol", "policy", "api", "ingress", "settings", "incoming",
          "outgoing", "hermes"}},
        {"plugins/wecom_callback",
         {"base", "http", "text", "durable", "protocol", "policy", "api", "ingress", "settings",
          "incoming", "outgoing", "metrics", "operator", "hermes"}},
        {"plugins/echo_platform", {"hermes"}},
        {"host_stub", {"base", "http", "hermes"}},
    };
    return allowed;
}

// The room that a file is in: the longest of those folders that its path begins with.
std::string room_of(std::string folder) {
    do {
        folder.resize(folder.find_last_of('/') == std::string::npos ? 0 : folder.rfind('/'));
    } while (!folder.empty() && !rooms().contains(folder));
    return folder;
}

std::string included(const std::string& line) {
    static const boost::regex include(R"(^\s*#include\s*[<"]([^>"]+)[>"])");
    boost::smatch match;
    return boost::regex_search(line, match, include) ? match[1].str() : "";
}

bool is_room(const std::string& name) {
    return std::ranges::any_of(rooms(), [&](const auto& room) {
        return room.first.substr(room.first.rfind('/') + 1) == name;
    });
}

// Every line for which `breaks` is true, as `file:line`.
template <typename Breaks>
std::string offenders(const std::vector<Source>& files, Breaks breaks) {
    std::ostringstream found;
    for (const auto& file : files) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            if (breaks(file.path, file.lines[i])) {
                found << file.path << ':' << i + 1 << ' ';
            }
        }
    }
    return found.str();
}

bool is_test(const std::string& path) {
    return path.starts_with("tests/");
}

}  // namespace

TEST_SUITE("rules") {
    TEST_CASE("dependencies point one way: no room includes one that is above or beside it") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                const auto room = room_of(path);
                const auto target = included(line);
                if (room.empty() || target.empty()) {
                    return false;
                }
                const auto own = room.substr(room.rfind('/') + 1);
                const auto folder = target.substr(0, target.find('/'));
                if (folder == target) {  // without a folder: beside the file, or a library's
                    return line.find('"') != std::string::npos && own != "wecom_callback" &&
                           own != "host_stub" && own != "echo_platform";
                }
                return is_room(folder) && folder != own && !rooms().at(room).contains(folder);
            });
        CHECK_MESSAGE(broken == "", "move what both need into a lower room: ", broken);
    }

    TEST_CASE("the engine's folders stand on each other, and none includes one above it") {
        const std::string room = "plugins/durable/";
        const std::vector<std::string> from_below{"database", "cluster",  "facts", "inbox",
                                                  "files",    "outbox",   "store", "delivery",
                                                  "media",    "operator", ""};
        // The folder in a path below durable/; empty for the engine itself.
        const auto level_of = [&](const std::string& path) {
            const auto slash = path.find('/');
            const auto folder = slash == std::string::npos ? "" : path.substr(0, slash);
            return std::ranges::find(from_below, folder) - from_below.begin();
        };
        const auto files = sources({".hpp", ".cpp"});
        const auto broken = offenders(files, [&](const auto& path, const auto& line) {
            const auto target = included(line);
            return path.starts_with(room) && target.starts_with("durable/") &&
                   level_of(target.substr(target.find('/') + 1)) >
                       level_of(path.substr(room.size()));
        });
        CHECK_MESSAGE(broken == "", "move what both need into a lower folder: ", broken);
        for (const auto& file : files) {
            if (file.path.starts_with(room)) {
                CHECK_MESSAGE(level_of(file.path.substr(room.size())) <
                                  static_cast<std::ptrdiff_t>(from_below.size()),
                              "say on which folders it stands: ", file.path);
            }
        }
    }

    TEST_CASE(
        "WeCom on loopback knows nothing of who looks at it, and of the host only rooms below") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                const auto target = included(line);
                const auto folder = target.substr(0, target.find('/'));
                return path.starts_with("host_stub/simulator/wecom/") && folder != target &&
                       line.find('"') != std::string::npos && folder != "base" &&
                       folder != "http" && !target.starts_with("simulator/wecom/");
            });
        CHECK_MESSAGE(broken == "", "it is a witness against both: ", broken);
    }

    TEST_CASE("the public headers depend on the standard library alone") {
        const auto broken = offenders(sources({".hpp"}), [](const auto& path, const auto& line) {
            const auto target = included(line);
            return path.starts_with("plugin_api/include/") && !target.empty() &&
                   target.find('/') != std::string::npos && !target.starts_with("hermes/");
        });
        CHECK_MESSAGE(broken == "", "an existing host has another Boost: ", broken);
    }

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

    TEST_CASE("pure rooms include nothing that does I/O or tells the time") {
        const auto broken = offenders(sources({".hpp", ".cpp"}), [](const auto& path,
                                                                    const auto& line) {
            static const std::set<std::string> impure{"fstream",    "iostream", "thread",  "mutex",
                                                      "filesystem", "random",   "unistd.h"};
            static const std::set<std::string> pure{
                "plugins/text", "plugins/wecom_callback/protocol", "plugins/wecom_callback/policy"};
            return pure.contains(room_of(path)) && impure.contains(included(line));
        });
        CHECK_MESSAGE(broken == "", "pass time, chance and bytes in: ", broken);
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

    TEST_CASE("a document has one title") {
        for (const auto& file : sources({".md"})) {
            CAPTURE(file.path);
            std::size_t titles = 0;
            bool code = false;
            for (const auto& line : file.lines) {
                code = line.starts_with("```") ? !code : code;
                titles += !code && line.starts_with("# ") ? 1 : 0;
            }
            CHECK(titles == 1);
        }
    }

    TEST_CASE("a test that a document names is there") {
        static const boost::regex place(R"(tests/[\w./-]*\w)");
        std::string missing;
        for (const auto& file : sources({".md"})) {
            for (const auto& line : file.lines) {
                for (boost::sregex_iterator word(line.begin(), line.end(), place), end; word != end;
                     ++word) {
                    if (!fs::exists(source_file(word->str()))) {
                        missing += word->str() + ' ';
                    }
                }
            }
        }
        CHECK_MESSAGE(missing == "", "name the test as it is called now: ", missing);
    }

    TEST_CASE("what a document shows or refers to is there, and its drawings are small") {
        static const boost::regex link(R"(\]\(([^)#:\s]+)(#[^)]*)?\))");
        std::string missing;
        for (const auto& file : sources({".md"})) {
            const auto folder = fs::path(file.path).parent_path();
            for (const auto& written : file.lines) {
                const auto line = boost::regex_replace(written, boost::regex("`[^`]*`"), "");
                for (boost::sregex_iterator found(line.begin(), line.end(), link), end;
                     found != end; ++found) {
                    const auto place = source_file((folder / (*found)[1].str()).string());
                    if (!fs::exists(place)) {
                        missing += file.path + ": " + (*found)[1].str() + '\n';
                    } else if (place.ends_with(".svg")) {
                        CHECK(fs::file_size(place) < 20'000);
                    }
                }
            }
        }
        CHECK_MESSAGE(missing == "", "put it there, or take the link away: ", missing);
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
