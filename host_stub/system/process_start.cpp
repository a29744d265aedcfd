#include "system/process_start.hpp"

#include <fstream>
#include <sstream>

namespace hermes::host {

// Field 22 of proc(5) stat. The name in field 2 may hold anything, so it is counted from its
// closing bracket.
std::string start_time_of(pid_t pid) {
    std::ostringstream text;
    text << std::ifstream("/proc/" + std::to_string(pid) + "/stat").rdbuf();
    const auto stat = text.str();
    const auto bracket = stat.rfind(')');
    if (bracket == std::string::npos) {
        return {};
    }
    std::istringstream fields(stat.substr(bracket + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number) {
        fields >> field;
    }
    return field;
}

}  // namespace hermes::host
