// Questions in numbered lines, from the message that asks to the number that answers.
#include "integration/delivery/choice_rig.hpp"

namespace hermes::test {

namespace {

const Question deletion{"delete-18", {{"y", "Yes"}, {"n", "No"}}};

void with_numbers(boost::json::object& settings) {
    settings["choices"] = "text";
}

}  // namespace

TEST_SUITE("adapter/numbered choices") {
    TEST_CASE("where choices are numbered lines, a number is the choice, once") {
        ChoiceRig rig(with_numbers);
        rig.start();
        const auto lines = rig.ask();
        CHECK(lines.type == "text");
        CHECK(lines.content == "Ship it?\n\n1. Approve\n2. Refuse\n\nReply with the number.");
        CHECK(rig.hear("hr", "alice", "wait a moment").kind == MessageKind::text);
        const auto event = rig.hear("hr", "alice", "２");
        CHECK(event.kind == MessageKind::choice);
        CHECK(event.text == "Refuse");
        CHECK(event.choice->question == "approve-7");
        CHECK(event.choice->choice == "n");
        CHECK(event.details.at("Content") == "２");
        const auto after = rig.hear("hr", "alice", "2");
        CHECK(after.kind == MessageKind::text);
        CHECK(after.text == "2");
        CHECK_FALSE(after.choice);
    }

    TEST_CASE("a number answers the last question of its own chat and app, for three days") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask({"old", {{"o", "Old"}}});
        rig.ask({"new", {{"a", "A"}, {"b", "B"}}});
        CHECK(rig.hear("it", "alice", "1").kind == MessageKind::text);
        CHECK(rig.hear("hr", "bob", "1").kind == MessageKind::text);
        CHECK(rig.hear("hr", "alice", "b").choice->choice == "b");
        rig.ask();
        rig.clock.advance(std::chrono::hours{73});
        CHECK(rig.hear("hr", "alice", "1").kind == MessageKind::text);
    }

    TEST_CASE("a number after an answer that asks nothing is a text, and no choice of before") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask();
        const auto asked_again = rig.hear("hr", "alice", "anything else?");
        rig.reply(asked_again, "Which one?\n\n1. Keep\n2. Delete");
        CHECK(rig.next_result().status == SendStatus::delivered);
        const auto after = rig.hear("hr", "alice", "2");
        CHECK(after.kind == MessageKind::text);
        CHECK(after.text == "2");
    }

    TEST_CASE("an interim word leaves the question open") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask();
        OutboundMessage still;
        const auto asked_again = rig.hear("hr", "alice", "anything else?");
        still.chat = asked_again.chat;
        still.reply_to = asked_again.id;
        still.role = ReplyRole::interim;
        still.text = "Still working on it.";
        rig.send(std::move(still));
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.hear("hr", "alice", "2").kind == MessageKind::choice);
    }

    TEST_CASE("a numbered choice that comes again after a restart is the same choice") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask();
        CHECK(rig.adapter->begin(rig.hear("hr", "alice", "1").id));
        rig.restart();
        CHECK(rig.next_event().choice->choice == "y");
    }

    TEST_CASE(
        "a numbered choice that comes again is of its own question, whatever was said since") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask();
        const auto before = rig.hear("hr", "alice", "one moment");
        const auto chosen = rig.hear("hr", "alice", "1");
        CHECK(chosen.choice->question == "approve-7");
        SUBCASE("another question") {
            rig.reply_asking(before, deletion);
        }
        SUBCASE("an answer that asks nothing") {
            rig.reply(before, "Take your time.");
        }
        CHECK(rig.next_result().status == SendStatus::delivered);
        rig.restart();
        const auto again = rig.next_event();
        CHECK(again.id == chosen.id);
        REQUIRE(again.choice);
        CHECK(again.choice->question == "approve-7");
        CHECK(again.choice->choice == "y");
        CHECK(again.text == "Approve");
    }
}

}  // namespace hermes::test
