#include "conversation/agent_message.hpp"

#include <doctest/doctest.h>

using namespace hermes;
using namespace hermes::host;

namespace {

AgentReply question() {
    AgentReply reply;
    reply.text = "Approve?";
    reply.question = Question{.id = "q1", .choices = {{"y", "Yes"}, {"n", "No"}}};
    return reply;
}

}  // namespace

TEST_SUITE("host_stub/agent_message") {
    TEST_CASE("a question is asked where the platform can") {
        Capabilities can;
        can.choices_max = 2;
        can.choice_label_bytes_max = 3;
        const auto message = message_of(question(), can);
        CHECK(message.text == "Approve?");
        REQUIRE(message.question);
        CHECK(message.question->id == "q1");
    }

    TEST_CASE("elsewhere its choices are written below it") {
        Capabilities can;
        CHECK(message_of(question(), can).text == "Approve?\n\n1. Yes\n2. No");
        CHECK_FALSE(message_of(question(), can).question);
        can.choices_max = 1;
        can.choice_label_bytes_max = 100;
        CHECK_FALSE(message_of(question(), can).question);
        can.choices_max = 2;
        can.choice_label_bytes_max = 2;
        CHECK_FALSE(message_of(question(), can).question);
    }

    TEST_CASE("of a question that is but text the operator is told why") {
        Capabilities can;
        can.choices_max = 2;
        can.choice_label_bytes_max = 3;
        CHECK_FALSE(why_not_asked(question(), can));
        CHECK_FALSE(why_not_asked({}, {}));
        can.choice_label_bytes_max = 2;
        CHECK(why_not_asked(question(), can) ==
              "the question q1 is put as text, and a number is no answer to it: the label of the "
              "choice y has 3 bytes, and this platform takes 2");
        can.choices_max = 1;
        CHECK(why_not_asked(question(), can) ==
              "the question q1 is put as text, and a number is no answer to it: it has 2 choices, "
              "and this platform takes 1");
    }

    TEST_CASE("what is remembered of an answer has the names of its files") {
        AgentReply reply;
        reply.attachments = {{.file_name = "chart.png"}};
        CHECK(remembered_text(reply) == "[chart.png]");
        reply.text = "Here.";
        CHECK(remembered_text(reply) == "Here.\n[chart.png]");
    }

    TEST_CASE("the largest file is that of any kind") {
        Capabilities can;
        can.attachments_out = {{MessageKind::image, 10}, {MessageKind::file, 20}};
        can.attachments_max = 3;
        const auto limits = file_limits(can, "/room");
        CHECK(limits.bytes_max == 20);
        CHECK(limits.count_max == 3);
        CHECK(limits.room == "/room");
        CHECK(file_limits({}, "/room").count_max == 0);
    }
}
