// What the page asks of the operator's desk, by the word of the command (page_commands.hpp).
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <stop_token>
#include <string_view>

#include "simulator/operator_desk.hpp"
#include "simulator/page_server/page_command.hpp"

namespace hermes::host::simulator {

// Tells all pages of something that changed.
using TellPages = std::function<void(boost::json::object change, std::string_view type)>;

struct OperatorRequest {
    const OperatorDesk& desk;
    const PageCommand& command;
    const TellPages& tell;
    AgentConfig agent;  // that there is now
    const std::stop_token& stop;
};

// The members of the answer. Waits; throws std::runtime_error with a sentence.
using OperatorCommand = boost::json::object (*)(const OperatorRequest& request);

OperatorCommand find_operator_command(std::string_view word);  // null: it is none

}  // namespace hermes::host::simulator
