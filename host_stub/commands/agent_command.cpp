#include <chrono>
#include <iostream>
#include <stop_token>

#include "agents/account_agents.hpp"
#include "base/utf8.hpp"
#include "commands/commands.hpp"
#include "commands/setup.hpp"
#include "exit_code.hpp"

namespace hermes::host {
namespace {

// As if a member had written it, in a chat that nobody else is in.
AgentRequest request_of(const Setup& setup, const AgentTryOptions& options) {
    AgentRequest request;
    auto& event = request.event;
    event.id = {"1"};
    for (const auto& platform : setup.platforms) {
        for (const auto& account : platform.accounts) {
            if (event.account.empty() && (options.account.empty() || options.account == account)) {
                event.platform = platform.plugin->name();
                event.account = account;
            }
        }
    }
    if (event.account.empty() && !options.account.empty()) {
        throw UsageError("--account " + options.account + " is in no platform that is enabled");
    }
    event.chat = {"try"};
    event.user_id = event.user_name = "you";
    event.text = base::to_valid_utf8(options.text);
    event.sent_at = std::chrono::system_clock::now();
    request.session_id = "try";
    return request;
}

std::string milliseconds_since(std::chrono::steady_clock::time_point start) {
    const auto took = std::chrono::steady_clock::now() - start;
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()) +
           " ms";
}

}  // namespace

int agent_try(const AgentTryOptions& options) {
    const auto setup = require_setup(options.source);
    report_warnings(setup);
    const auto request = request_of(setup, options);
    const auto agents =
        make_agents(setup.config.agent, setup.config.agents, agent_environment(setup));
    std::cout << "given:\n" << agents->given(request) << '\n' << std::flush;
    const auto start = std::chrono::steady_clock::now();
    const auto reply = agents->answer(request, std::stop_token());
    if (reply.outcome != AgentReply::Outcome::answered) {
        std::cerr << "no answer, after " << milliseconds_since(start) << ": " << reply.problem
                  << '\n';
        return exit_failure;
    }
    std::cout << "answer, after " << milliseconds_since(start) << ":\n"
              << (reply.text.empty() ? "(nothing: the member reads nothing)" : reply.text) << '\n';
    return exit_ok;
}

}  // namespace hermes::host
