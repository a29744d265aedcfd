// What passed between us and an agent, for whoever makes one. It holds what members write.
#pragma once

#include <string>

namespace hermes::host {

struct AgentTalk {
    std::string given{};   // a program's stdin, the body of an endpoint's request
    std::string output{};  // a program's stdout, the body of an endpoint's answer: as it came
    std::string errors{};  // the end of a program's stderr
    std::string ending{};  // "exit status 3", "signal 9", "HTTP 401"; empty: it has no such thing
};

}  // namespace hermes::host
