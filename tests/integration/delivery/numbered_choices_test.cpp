// Questions in numbered lines, from the message that asks to the number that answers.
#include "integration/delivery/choice_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

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

    TEST_CASE("a number that was written before a question is none of its choices afterwards") {
        ChoiceRig rig(with_numbers);
        rig.start();
        const auto before = rig.hear("hr", "alice", "one moment");
        const auto number = rig.hear("hr", "alice", "1");
        CHECK(number.kind == MessageKind::text);
        rig.reply_asking(before, deletion);
        CHECK(rig.next_result().status == SendStatus::delivered);
        rig.restart();
        const auto again = rig.next_event();
        CHECK(again.id == number.id);
        CHECK(again.kind == MessageKind::text);
        CHECK(rig.hear("hr", "alice", "1").choice->question == "delete-18");
    }

    TEST_CASE("a number answers no question that its member has not got") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask();
        const auto event = rig.hear("hr", "alice", "what else?");
        int code = 60020;
        SUBCASE("since the app is paused") {}
        SUBCASE("since WeCom refuses it") {
            code = 40201;
        }
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, code));
        rig.reply_asking(event, deletion, "Delete it?");
        if (code == 60020) {
            CHECK(rig.host.wait_for_line(LogLevel::warning, "60020"));
        } else {
            CHECK(rig.next_result().status == SendStatus::failed);
        }
        const auto number = rig.hear("hr", "alice", "1");
        CHECK(number.kind == MessageKind::text);
        CHECK(number.text == "1");
    }

    TEST_CASE(
        "a question that waits in the outbox is answered by number once it has been delivered") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.ask();
        const auto event = rig.hear("hr", "alice", "what else?");
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60020));
        rig.reply_asking(event, deletion, "Delete it?");
        CHECK(rig.host.wait_for_line(LogLevel::warning, "60020"));
        rig.stop();
        rig.wecom.clear_faults();
        rig.start();
        rig.let_time_pass_until([&] { return rig.wecom.deliveries({}).size() == 2; });
        rig.stop();  // by then what was delivered is written down
        rig.start();
        CHECK(rig.hear("hr", "alice", "2").choice->question == "delete-18");
    }

    TEST_CASE("a number that comes as soon as the question can be seen is the answer") {
        ChoiceRig rig(with_numbers);
        rig.start();
        for (int round = 0; round < 20; ++round) {
            rig.reply_asking(rig.hear("hr", "alice", "what now?"), approval);
            REQUIRE(rig.wecom.wait_for_delivery({.app = "hr", .user_id = "alice"}, patience));
            CHECK(rig.hear("hr", "alice", "2").kind == MessageKind::choice);
            CHECK(rig.next_result().status == SendStatus::delivered);
            rig.clock.advance(std::chrono::minutes{1});  // as many as a member may get
        }
    }

    TEST_CASE("while it is not known whether the member has got a question, a number is a text") {
        ChoiceRig rig(with_numbers);
        rig.start();
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::send_message, 1));
        rig.reply_asking(rig.hear("hr", "alice", "what now?"), approval);
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        CHECK(rig.hear("hr", "alice", "1").kind == MessageKind::text);
        rig.clock.advance(std::chrono::minutes{1});
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.hear("hr", "alice", "1").kind == MessageKind::choice);
        CHECK(rig.wecom.deliveries({}).size() == 1);
    }

    TEST_CASE("of two questions that wait in the outbox the later one is answered by number") {
        ChoiceRig rig(with_numbers);
        rig.start();
        const auto first = rig.hear("hr", "alice", "what now?");
        const auto second = rig.hear("hr", "alice", "what else?");
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60020));
        rig.reply_asking(first, approval);
        rig.reply_asking(second, deletion, "Delete it?");
        CHECK(rig.host.wait_for_line(LogLevel::warning, "60020"));
        rig.wecom.clear_faults();
        rig.let_time_pass_until([&] { return rig.results.size() == 2; });
        CHECK(rig.hear("hr", "alice", "1").choice->question == "delete-18");
    }
}

}  // namespace hermes::test
