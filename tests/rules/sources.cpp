#include "rules/sources.hpp"

#include <doctest/doctest.h>

#include <boost/regex.hpp>
#include <filesystem>
#include <fstream>

#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

bool is_ours(const std::string& path) {
    static const std::set<std::string> roots{"plugin_api", "plugins",        "host_stub",
                                             "tests",      "docs",           "cmake",
                                             "README.md",  "README.zh-CN.md"};
    return roots.contains(path.substr(0, path.find('/'))) &&
           path.find("node_modules") == std::string::npos &&
           path.find("host_stub/run/") == std::string::npos;
}

}  // namespace

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

std::string included(const std::string& line) {
    static const boost::regex include(R"(^\s*#include\s*[<"]([^>"]+)[>"])");
    boost::smatch match;
    return boost::regex_search(line, match, include) ? match[1].str() : "";
}

}  // namespace hermes::test
