// The text of this tree, for rules that no compiler checks.
#pragma once

#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace hermes::test {

struct Source {
    std::string path;  // relative to the root
    std::vector<std::string> lines;
};

// Those of ours with such an extension.
std::vector<Source> sources(const std::set<std::string>& extensions);

// What this line includes; empty if nothing.
std::string included(const std::string& line);

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

}  // namespace hermes::test
