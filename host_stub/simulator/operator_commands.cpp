#include "simulator/operator_commands.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "simulator/gateways/agent_section.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

json::object show_state(const OperatorRequest& request) {
    return request.desk.state(request.stop);
}

json::object retry(const OperatorRequest& request) {
    request.desk.retry(request.command.text("id"), request.stop);
    return {};
}

json::object retry_all(const OperatorRequest& request) {
    return {{"text", request.desk.retry_all(request.stop)}};
}

// Each finding is told at once, to the page that knows the number; all together are the answer.
json::object examine(const OperatorRequest& request) {
    const auto number = request.command.text("number");
    json::array findings;
    request.desk.examine(
        request.command.text("language") == "zh",
        [&](const json::object& finding) {
            request.tell({{"number", number}, {"finding", finding}}, "finding");
            findings.push_back(finding);
        },
        request.stop);
    return {{"findings", std::move(findings)}};
}

// The one that the form describes, before it is put to work.
json::object test_agent(const OperatorRequest& request) {
    return request.desk.try_agent(
        {.agent = format_agent_section(agent_of(request.command, request.agent)),
         .text = request.command.text("text")},
        request.stop);
}

// The one that answers that app, with what it was given once.
json::object run_again(const OperatorRequest& request) {
    auto input = request.command.text("input");
    if (input.empty()) {
        throw std::runtime_error("there is nothing that the agent could be given");
    }
    return request.desk.try_agent(
        {.account = request.command.text("app"), .input = std::move(input)}, request.stop);
}

constexpr std::array<std::pair<std::string_view, OperatorCommand>, 6> commands{{
    {"state", show_state},
    {"retry", retry},
    {"retry_all", retry_all},
    {"doctor", examine},
    {"test_agent", test_agent},
    {"run_again", run_again},
}};

}  // namespace

OperatorCommand find_operator_command(std::string_view word) {
    for (const auto& [name, run] : commands) {
        if (name == word) {
            return run;
        }
    }
    return nullptr;
}

}  // namespace hermes::host::simulator
