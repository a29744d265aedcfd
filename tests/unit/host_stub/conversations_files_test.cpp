// What an answer has beside its words, on its way to the platform.
#include <doctest/doctest.h>

#include "conversations_fixture.hpp"

using namespace hermes::host;
using hermes::MessageKind;
using hermes::ReplyRole;
using hermes::SendError;
using hermes::SendResult;
using hermes::SendStatus;
using hermes::host::test::FakeAgent;
using hermes::host::test::Fixture;

namespace {

AgentReply with_file(std::shared_ptr<const void> files) {
    AgentReply reply;
    reply.attachments = {{.kind = MessageKind::image, .path = "/x/1", .file_name = "chart.png"}};
    reply.files = std::move(files);
    return reply;
}

}  // namespace

TEST_SUITE("host_stub/conversations with files") {
    TEST_CASE("files are sent with the answer, and are there until the platform has told") {
        Fixture f;
        auto files = std::make_shared<int>(1);
        const std::weak_ptr<const void> held = files;
        f.hear("e1", "chart");
        f.agent.reply("chart", with_file(std::move(files)));
        auto sent = f.adapter.sent.take();
        REQUIRE(sent);
        CHECK(sent->message.text == "");
        REQUIRE(sent->message.attachments.size() == 1);
        CHECK(sent->message.attachments[0].file_name == "chart.png");
        f.hear("e2", "next");
        const auto asked = [&] {
            (void)f.agent.asked.take();
            return f.agent.asked.take();
        }();
        REQUIRE(asked);
        REQUIRE(asked->history.size() == 1);
        CHECK(asked->history[0].answer == "[chart.png]");
        CHECK_FALSE(held.expired());
        sent->handler({.status = SendStatus::delivered});
        sent->handler = nullptr;
        // The thread of the turn may be a moment behind.
        CHECK(hermes::test::eventually([&] { return held.expired(); }));
    }

    TEST_CASE("they are there for another try when the platform's state could not take them") {
        Fixture f;
        auto files = std::make_shared<int>(1);
        const std::weak_ptr<const void> held = files;
        f.hear("e1", "chart");
        f.agent.reply("chart", with_file(std::move(files)));
        auto sent = f.adapter.sent.take();
        REQUIRE(sent);
        SendResult failed;
        failed.error = SendError::store;
        failed.retryable = true;
        sent->handler(failed);
        sent->handler = nullptr;
        const auto again = f.adapter.sent.take();
        REQUIRE(again);
        CHECK(again->message.attachments.size() == 1);
        CHECK_FALSE(held.expired());
    }

    TEST_CASE("what the agent says ahead is an interim message, and its warnings are in the log") {
        Fixture f;
        f.hear("e1", "hello");
        const auto asked = f.agent.asked.take();
        REQUIRE(asked);
        asked->say("one moment");
        const auto ahead = f.adapter.sent.take();
        REQUIRE(ahead);
        CHECK(ahead->message.text == "one moment");
        CHECK(ahead->message.role == ReplyRole::interim);
        CHECK(ahead->message.reply_to == hermes::EventId{"e1"});
        AgentReply reply;
        reply.text = "done";
        reply.warnings = {"the file /x in the answer is a link"};
        f.agent.reply("hello", reply);
        CHECK(f.adapter.said() == "done");
        const auto line = f.log.lines.take();
        REQUIRE(line);
        CHECK(line->ends_with(": the file /x in the answer is a link"));
    }
}
