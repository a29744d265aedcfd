#include "agents/account_agents.hpp"

#include <doctest/doctest.h>

#include "fakes.hpp"

using namespace hermes::host;

namespace {

AgentConfig saying(const std::string& text) {
    AgentConfig config;
    config.kind = AgentKind::command;
    config.command = {"/bin/echo", text};
    config.folder = "/";
    return config;
}

std::string answer_of(Agent& agent, const std::string& platform, const std::string& account) {
    AgentRequest request;
    request.event = hermes::host::test::event("e1", "hello");
    request.event.platform = platform;
    request.event.account = account;
    return agent.answer(request, {}).text;
}

}  // namespace

TEST_SUITE("host_stub/agents/account_agents") {
    TEST_CASE("an account's own agent answers for it, the general one for all others") {
        const auto agents = make_agents(
            saying("general"),
            {{{"hr", "it"}, saying("people")}, {{"wecom_callback/sales"}, saying("sales")}}, {});
        CHECK(answer_of(*agents, "wecom_callback", "hr") == "people");
        CHECK(answer_of(*agents, "echo_platform", "it") == "people");
        CHECK(answer_of(*agents, "wecom_callback", "sales") == "sales");
        CHECK(answer_of(*agents, "echo_platform", "sales") == "general");
        CHECK(answer_of(*agents, "wecom_callback", "legal") == "general");
    }

    TEST_CASE("what is configured of the one that answers is found the same way") {
        const auto general = saying("general");
        const std::vector<AccountAgent> special{{{"hr"}, saying("any")},
                                                {{"wecom_callback/hr"}, saying("this")}};
        auto event = hermes::host::test::event("e1", "hello");
        CHECK(agent_for(general, special, event).command.back() == "this");
        event.platform = "echo_platform";
        CHECK(agent_for(general, special, event).command.back() == "any");
        event.account = "legal";
        CHECK(agent_for(general, special, event).command.back() == "general");
    }

    TEST_CASE("where an account is named with and without its platform, the platform's counts") {
        const auto agents =
            make_agents(saying("general"),
                        {{{"hr"}, saying("any")}, {{"wecom_callback/hr"}, saying("this")}}, {});
        CHECK(answer_of(*agents, "wecom_callback", "hr") == "this");
        CHECK(answer_of(*agents, "echo_platform", "hr") == "any");
    }
}
