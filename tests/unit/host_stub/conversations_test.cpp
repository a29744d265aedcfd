#include "conversation/conversations.hpp"

#include <doctest/doctest.h>

#include <future>

#include "conversations_fixture.hpp"

using namespace hermes::host;
using hermes::EventId;
using hermes::ReplyRole;
using hermes::SendError;
using hermes::SendResult;
using hermes::SendStatus;
using hermes::host::test::event;
using hermes::host::test::FakeAdapter;
using hermes::host::test::FakeAgent;
using hermes::host::test::FakeLog;
using hermes::host::test::Fixture;
using hermes::host::test::FixtureOf;
using hermes::host::test::quick;

namespace {

SendResult failed(SendError error, bool retryable) {
    SendResult result;
    result.error = error;
    result.retryable = retryable;
    result.detail = "disk full";
    return result;
}

}  // namespace

TEST_SUITE("host_stub/conversations") {
    TEST_CASE("the answer goes back as the final reply to its event, through its account") {
        Fixture f;
        f.hear("e1", "hello");
        f.agent.reply("hello", "hi there");
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        CHECK(sent->message.text == "hi there");
        CHECK(sent->message.chat.value == "corp:zhangsan");
        CHECK(sent->message.account == "hr");
        CHECK(sent->message.reply_to == EventId{"e1"});
        CHECK(sent->message.role == ReplyRole::final_reply);
        CHECK(f.adapter.settled.size() == 0);
    }

    TEST_CASE("the agent is told of a redelivery and of its attempt") {
        Fixture f;
        auto again = event("e1", "hello");
        again.attempt = 2;
        again.redelivered = true;
        f.conversations.receive(f.adapter, again);
        const auto asked = f.agent.asked.take();
        REQUIRE(asked.has_value());
        CHECK(asked->event.attempt == 2);
        CHECK(asked->event.redelivered);
        CHECK(asked->session_id.size() == 32);
    }

    TEST_CASE("one chat is answered in order, one message at a time") {
        Fixture f;
        f.agent.reply("two", "2");
        f.hear("e1", "one");
        f.hear("e2", "two");
        CHECK(f.agent.was_asked() == "one");
        CHECK(f.agent.asked.size() == 0);
        f.agent.reply("one", "1");
        CHECK(f.adapter.said() == "1");
        CHECK(f.adapter.said() == "2");
    }

    TEST_CASE("a chat that takes long does not hold up another") {
        Fixture f;
        f.hear("e1", "slow", "corp:a");
        CHECK(f.agent.was_asked() == "slow");
        f.hear("e2", "fast", "corp:b");
        f.agent.reply("fast", "done");
        CHECK(f.adapter.said() == "done");
    }

    TEST_CASE("no more turns run side by side than allowed") {
        auto options = quick();
        options.turns_max = 1;
        Fixture f(options);
        f.hear("e1", "first", "corp:a");
        f.hear("e2", "second", "corp:b");
        CHECK(f.agent.was_asked() == "first");
        CHECK(f.agent.asked.size() == 0);
        f.agent.reply("first", "");
        CHECK(f.agent.was_asked() == "second");
    }

    TEST_CASE("an agent with nothing to say settles the event without a message") {
        Fixture f;
        f.hear("e1", "hello");
        f.agent.reply("hello", "");
        CHECK(f.adapter.settled.take() == "e1");
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("what the agent is given and says is traced only where that is asked for") {
        for (const bool is_asked : {false, true}) {
            auto options = quick();
            options.traces_talk = is_asked;
            Fixture f(options);
            f.hear("e1", "a secret");
            AgentReply reply{AgentReply::Outcome::answered, "hush", ""};
            reply.talk.output = "hush";
            f.agent.reply("a secret", reply);
            CHECK(f.log.steps.take() == std::string("gateway: agent_begun e1: attempt 1") +
                                            (is_asked ? " <- a secret" : ""));
            CHECK(f.log.steps.take() ==
                  std::string("gateway: agent_answered e1: the agent said 4 bytes") +
                      (is_asked ? " -> hush" : ""));
        }
    }

    TEST_CASE("a failed turn is one polite line to the member and the reason to the operator") {
        Fixture f;
        f.hear("e1", "你好");
        f.agent.reply("你好", {AgentReply::Outcome::failed, "", "exited with status 3: boom"});
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        CHECK(sent->message.text == failure_text(Language::chinese));
        CHECK(sent->message.role == ReplyRole::final_reply);
        CHECK(f.log.lines.take() ==
              "wecom_callback: no answer for account hr, chat corp:zhangsan, event e1: exited with "
              "status 3: boom");
    }

    TEST_CASE("a turn that takes too long is one polite line to the member, the reason is logged") {
        Fixture f;
        f.hear("e1", "hello");
        f.agent.reply("hello", {AgentReply::Outcome::timed_out, "", "no answer from 10.0.0.1"});
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        CHECK(sent->message.text == timeout_text(Language::english));
        CHECK(sent->message.role == ReplyRole::final_reply);
        CHECK(f.log.lines.take() ==
              "wecom_callback: no answer for account hr, chat corp:zhangsan, event e1: no answer "
              "from 10.0.0.1");
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("what failed is not part of what the agent is told of the chat") {
        Fixture f;
        f.hear("e1", "one");
        f.agent.reply("one", {AgentReply::Outcome::failed, "", "boom"});
        CHECK(f.adapter.said() == failure_text(Language::english));
        f.hear("e2", "two");
        CHECK(f.agent.was_asked() == "one");
        const auto asked = f.agent.asked.take();
        REQUIRE(asked.has_value());
        CHECK(asked->history.empty());
    }

    TEST_CASE("an agent that throws is a failed turn") {
        class ThrowingAgent final : public Agent {
            AgentReply answer(const AgentRequest&, std::stop_token) override {
                throw std::runtime_error("out of order");
            }
        };
        FixtureOf<ThrowingAgent> f;
        f.hear("e1", "hello");
        CHECK(f.adapter.said() == failure_text(Language::english));
        CHECK(f.log.lines.take() ==
              "wecom_callback: no answer for account hr, chat corp:zhangsan, event e1: out of "
              "order");
    }
}

TEST_SUITE("host_stub/conversations commands") {
    TEST_CASE("the status is told at once, also while the agent works") {
        Fixture f;
        f.hear("e1", "slow");
        CHECK(f.agent.was_asked() == "slow");
        f.hear("e2", "next");
        f.hear("e3", "/status");
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        CHECK(sent->message.text.starts_with("Working on your message since "));
        CHECK(sent->message.text.ends_with("(less than a minute). 1 message is waiting."));
        CHECK(sent->message.reply_to == EventId{"e3"});
        CHECK(sent->message.role == ReplyRole::final_reply);
        CHECK(f.agent.cancelled.size() == 0);
    }

    TEST_CASE("a stop answers, cancels the turn, settles its event, and the next one follows") {
        Fixture f;
        f.hear("e1", "slow");
        CHECK(f.agent.was_asked() == "slow");
        f.hear("e2", "next");
        f.hear("e3", "/stop");
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        CHECK(sent->message.text == "Stopped. 1 waiting message comes next.");
        CHECK(sent->message.reply_to == EventId{"e3"});
        CHECK(f.adapter.settled.take() == "e1");
        CHECK(f.agent.cancelled.take() == "slow");
        CHECK(f.agent.was_asked() == "next");
        f.agent.reply("next", "done");
        CHECK(f.adapter.said() == "done");
        CHECK(f.adapter.settled.size() == 0);
    }

    TEST_CASE("a new session cancels the turn and forgets what was said") {
        Fixture f;
        const auto before = f.first_turn();
        f.hear("e2", "slow");
        CHECK(f.agent.asked.take()->history.size() == 1);
        f.hear("e3", "/new");
        CHECK(f.adapter.said() ==
              "Started a new conversation. The answer in progress was cancelled.");
        CHECK(f.adapter.settled.take() == "e2");
        f.hear("e4", "again");
        const auto after = f.agent.asked.take();
        REQUIRE(before.has_value());
        REQUIRE(after.has_value());
        CHECK(after->history.empty());
        CHECK(after->session_id != before->session_id);
    }

    TEST_CASE(
        "an answer that comes after the turn was stopped is sent to nobody, and that is told") {
        class StubbornAgent final : public Agent {
            AgentReply answer(const AgentRequest&, std::stop_token stop) override {
                asked.put(true);
                std::promise<void> stopped;
                const std::stop_callback told(stop, [&] { stopped.set_value(); });
                stopped.get_future().wait();
                return {Outcome::answered, "all the same"};
            }

        public:
            hermes::test::Mailbox<bool> asked;
        };
        FixtureOf<StubbornAgent> f;
        f.hear("e1", "hello");
        REQUIRE(f.agent.asked.take());
        f.hear("e2", "/stop");
        CHECK(f.adapter.said() == "Stopped.");
        CHECK(f.log.steps.take() == "gateway: agent_begun e1: attempt 1");
        CHECK(f.log.steps.take() == "gateway: agent_answered e1: the agent said 12 bytes");
        CHECK(f.log.steps.take() ==
              "gateway: agent_stopped e1: what the agent said came too late: it had been told to "
              "stop");
        CHECK(f.adapter.sent.size() == 0);
        CHECK(f.adapter.settled.take() == "e1");
    }

    TEST_CASE("what follows the command of a new session is its first message") {
        Fixture f;
        const auto before = f.first_turn();
        f.hear("e2", "/new 帮我写周报");
        auto told = f.adapter.sent.take();
        REQUIRE(told);
        CHECK(told->message.text == "已开始新的对话。");
        CHECK(told->message.role == ReplyRole::interim);
        const auto after = f.agent.asked.take();
        REQUIRE(after);
        CHECK(after->event.text == "帮我写周报");
        CHECK(after->history.empty());
        CHECK(after->session_id != before->session_id);
        f.agent.reply("帮我写周报", "done");
        told = f.adapter.sent.take();
        REQUIRE(told);
        CHECK(told->message.text == "done");
        CHECK(told->message.role == ReplyRole::final_reply);
        CHECK(told->message.reply_to == EventId{"e2"});
    }

    TEST_CASE("a command is answered in the language of the chat") {
        Fixture f;
        f.hear("e1", "你好");
        CHECK(f.agent.was_asked() == "你好");
        f.hear("e2", "/stop");
        CHECK(f.adapter.said() == "已停止。");
    }

    TEST_CASE("a command of another chat cancels nothing here") {
        Fixture f;
        f.hear("e1", "slow", "corp:a");
        CHECK(f.agent.was_asked() == "slow");
        f.hear("e2", "/stop", "corp:b");
        CHECK(f.adapter.said() == "Nothing is running.");
        CHECK(f.agent.cancelled.size() == 0);
    }

    TEST_CASE("only text can be a command, and unknown commands go to the agent") {
        Fixture f;
        auto click = event("e1", "/stop");
        click.kind = hermes::MessageKind::event;
        f.conversations.receive(f.adapter, click);
        CHECK(f.agent.was_asked() == "/stop");
        f.hear("e2", "/weather", "corp:b");
        CHECK(f.agent.was_asked() == "/weather");
    }
}

TEST_SUITE("host_stub/conversations results") {
    TEST_CASE("a reply that the adapter's state can't take is offered again until it can") {
        Fixture f;
        f.hear("e1", "hello");
        f.agent.reply("hello", "hi");
        for (int attempt = 0; attempt < 3; ++attempt) {
            const auto sent = f.adapter.sent.take();
            REQUIRE(sent.has_value());
            CHECK(sent->message.text == "hi");
            CHECK(sent->message.reply_to == EventId{"e1"});
            sent->handler(failed(SendError::store, true));
        }
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        SendResult delivered;
        delivered.status = SendStatus::delivered;
        sent->handler(delivered);
        CHECK(f.log.lines.size() == 3);
        CHECK(f.log.lines.take() ==
              "wecom_callback: reply for account hr, chat corp:zhangsan, event e1 failed: disk "
              "full");
        CHECK(f.adapter.settled.size() == 0);
    }

    TEST_CASE("a reply that can't be delivered at all settles its event") {
        Fixture f;
        f.hear("e1", "hello");
        f.agent.reply("hello", "hi");
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        sent->handler(failed(SendError::not_found, false));
        CHECK(f.adapter.settled.take() == "e1");
    }

    TEST_CASE("who asked is told once when the adapter refuses the answer as it is") {
        Fixture f;
        f.hear("e1", "你好");
        f.agent.reply("你好", "```\n```");
        f.adapter.sent.take()->handler(failed(SendError::invalid, false));
        const auto apology = f.adapter.sent.take();
        REQUIRE(apology.has_value());
        CHECK(apology->message.text == failure_text(hermes::host::Language::chinese));
        CHECK(apology->message.reply_to == EventId{"e1"});
        CHECK(f.adapter.settled.size() == 0);  // which this one does
        apology->handler(failed(SendError::invalid, false));
        CHECK(f.adapter.settled.take() == "e1");
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("a reply that came too late for a stopped adapter leaves its event open") {
        Fixture f;
        f.hear("e1", "hello");
        f.agent.reply("hello", "hi");
        const auto sent = f.adapter.sent.take();
        REQUIRE(sent.has_value());
        sent->handler(failed(SendError::stopped, true));
        f.conversations.stop();
        CHECK(f.adapter.settled.size() == 0);
        CHECK(f.adapter.sent.size() == 0);
    }
}

TEST_SUITE("host_stub/conversations stop") {
    TEST_CASE("running turns are cancelled and nothing is settled, so that they come again") {
        Fixture f;
        f.hear("e1", "slow");
        f.hear("e2", "waiting");
        CHECK(f.agent.was_asked() == "slow");
        f.conversations.stop();
        CHECK(f.agent.cancelled.take() == "slow");
        CHECK(f.agent.asked.size() == 0);
        CHECK(f.adapter.settled.size() == 0);
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("what comes afterwards is left alone, also a command and another stop") {
        Fixture f;
        f.conversations.stop();
        f.hear("e1", "hello");
        f.hear("e2", "/status");
        f.conversations.stop();
        CHECK(f.agent.asked.size() == 0);
        CHECK(f.adapter.sent.size() == 0);
    }
}
