// When the agent begins, and what becomes of turns that do not end well.
#include <doctest/doctest.h>

#include "conversations_fixture.hpp"

using namespace hermes::host;
using hermes::host::test::Fixture;
using hermes::host::test::quick;

TEST_SUITE("host_stub/conversations stop") {
    TEST_CASE("the adapter is told when the agent begins, and of nothing that only waits") {
        Fixture f;
        f.hear("e1", "one");
        REQUIRE(f.agent.asked.take());
        f.hear("e2", "two");
        f.hear("e3", "/status");
        REQUIRE(f.adapter.sent.take());
        CHECK(f.adapter.begun.take() == "e1");
        CHECK(f.adapter.begun.size() == 0);
        f.agent.reply("one", "first");
        CHECK(f.adapter.begun.take() == "e2");
        f.agent.reply("two", "second");
    }

    TEST_CASE("what the agent does is a step of its event, with the reason if it fails") {
        Fixture f;
        f.hear("e1", "one");
        f.agent.reply("one", "first");
        CHECK(f.adapter.said() == "first");
        CHECK(f.log.steps.take() == "gateway: agent_begun e1: attempt 1");
        CHECK(f.log.steps.take() == "gateway: agent_answered e1: the agent said 5 bytes");
        f.hear("e2", "two");
        f.agent.reply("two", "");
        CHECK(f.adapter.settled.take() == "e2");
        CHECK(f.log.steps.take() == "gateway: agent_begun e2: attempt 1");
        CHECK(f.log.steps.take() == "gateway: agent_silent e2: the agent has nothing to say");
        f.hear("e3", "three");
        f.agent.end_with("three", AgentReply::Outcome::failed);
        CHECK(f.adapter.said() != "nothing");
        CHECK(f.log.steps.take() == "gateway: agent_begun e3: attempt 1");
        CHECK(f.log.steps.take()->starts_with("gateway: agent_failed e3: "));
        f.hear("e4", "four");
        CHECK(f.log.steps.take() == "gateway: agent_begun e4: attempt 1");
        f.hear("e5", "/stop");
        CHECK(f.log.steps.take() == "gateway: agent_stopped e4: the agent was told to stop");
    }

    TEST_CASE(
        "an agent that is stopped with the gateway is a step that says its message comes again") {
        Fixture f;
        f.hear("e1", "one");
        CHECK(f.log.steps.take() == "gateway: agent_begun e1: attempt 1");
        f.conversations.stop();
        CHECK(f.log.steps.take() ==
              "gateway: agent_interrupted e1: the agent was stopped with the gateway: "
              "its message comes again");
        CHECK(f.adapter.settled.size() == 0);
    }

    TEST_CASE("a turn that may not begin is neither answered nor settled, and the chat goes on") {
        Fixture f;
        f.adapter.may_begin = false;
        f.hear("e1", "one");
        CHECK(f.adapter.begun.take() == "e1");
        f.adapter.may_begin = true;
        f.hear("e2", "two");
        f.agent.reply("two", "second");
        CHECK(f.adapter.said() == "second");
        CHECK(f.adapter.settled.size() == 0);
    }

    TEST_CASE("an agent whose event is another gateway's ends, and nothing is said or settled") {
        Fixture f;
        f.hear("e1", "one");
        REQUIRE(f.agent.asked.take());
        f.hear("e2", "two");
        f.hear("e3", "three");
        f.conversations.withdraw("wecom_callback", {"e1"});
        f.conversations.withdraw("wecom_callback", {"e2"});
        f.agent.reply("three", "third");
        CHECK(f.adapter.said() == "third");
        CHECK(f.adapter.sent.size() == 0);
        CHECK(f.adapter.settled.size() == 0);
    }

    TEST_CASE("a turn that fails while the gateway stops is no answer: its event stays open") {
        using Outcome = AgentReply::Outcome;
        for (const auto outcome : {Outcome::failed, Outcome::timed_out, Outcome::interrupted}) {
            auto options = quick();
            options.failure_grace = options.interrupted_grace = std::chrono::seconds(20);
            Fixture f(options);
            f.hear("e1", "one");
            f.agent.end_with("one", outcome);
            REQUIRE(f.agent.asked.take());
            f.conversations.stop();
            CHECK(f.adapter.sent.size() == 0);
            CHECK(f.adapter.settled.size() == 0);
        }
    }

    TEST_CASE("a turn that fails while nothing stops is answered for after a moment") {
        Fixture f;
        f.hear("e1", "one");
        f.agent.end_with("one", AgentReply::Outcome::interrupted);
        CHECK(f.adapter.said() != "nothing");
    }

    TEST_CASE("what can't begin for want of resources is tried again, and /stop ends that") {
        auto options = quick();
        options.first_start_pause = std::chrono::milliseconds(1);
        options.longest_start_pause = std::chrono::milliseconds(2);
        Fixture f(options);
        f.hear("e1", "one");
        f.agent.end_with("one", AgentReply::Outcome::no_resources);
        for (int i = 0; i < 5; ++i) {
            CHECK(f.agent.asked.take());
        }
        CHECK(f.adapter.sent.size() == 0);
        f.agent.reply("one", "at last");
        CHECK(f.adapter.said() == "at last");
        f.hear("e2", "two");
        f.agent.end_with("two", AgentReply::Outcome::no_resources);
        while (f.agent.was_asked() == "one") {  // as often as it was tried
        }
        f.hear("e3", "/stop");
        CHECK(f.adapter.said() != "nothing");
        CHECK(f.adapter.settled.take() == "e2");
    }
}
