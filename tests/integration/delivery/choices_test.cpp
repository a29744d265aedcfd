// Questions from the message that asks to the press that answers, through the whole adapter and the
// simulated WeCom.
#include "integration/delivery/choice_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

std::string task_of(const sim::Delivered& card) {
    return std::string(boost::json::parse(card.content).as_object().at("task_id").as_string());
}

// A press that the client of another member, or an old one, sends.
sim::MemberMessage stray_press(const std::string& task_id, const std::string& key = "1") {
    return sim::card_message({.key = key,
                              .task_id = task_id,
                              .card_type = "button_interaction",
                              .response_code = "stray-" + task_id},
                             "stray");
}

}  // namespace

TEST_SUITE("adapter/choices") {
    TEST_CASE(
        "a press comes back as the choice that was made, and the card can't be pressed again") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        CHECK(card.type == "template_card");
        const auto event = rig.press(card, "Refuse");
        CHECK(event.kind == MessageKind::choice);
        CHECK(event.text == "Refuse");
        REQUIRE(event.choice);
        CHECK(event.choice->question == "approve-7");
        CHECK(event.choice->choice == "n");
        CHECK(event.chat == rig.asking.chat);
        CHECK(event.account == "hr");
        CHECK(event.details.at("AskedIn") == rig.asking.id.value);
        rig.wait_for_label(card, "Refuse");
        CHECK_THROWS_AS(rig.wecom.press("hr", "alice", card.msgid, "Approve"),
                        std::invalid_argument);
        rig.reply(event, "refused");
        CHECK(rig.next_result().status == SendStatus::delivered);
    }

    TEST_CASE("more choices than buttons are a list, and the selected one is the choice") {
        ChoiceRig rig;
        rig.start();
        Question question{"q", {}};
        for (int n = 1; n <= 20; ++n) {
            question.choices.push_back({"id " + std::to_string(n), "room " + std::to_string(n)});
        }
        const auto card = rig.ask(question, "请选择会议室");
        const auto event = rig.press(card, "room 17");
        CHECK(event.text == "room 17");
        CHECK(event.choice->choice == "id 17");
        rig.wait_for_label(card, "room 17");
    }

    TEST_CASE("a second press is told what was chosen, and is not heard") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        const auto first = rig.press(card, "Approve");
        rig.wait_for_label(card, "Approve");
        rig.write(stray_press(task_of(card), "2"));
        CHECK(rig.told() == "You have already chosen: Approve");
        rig.check_nothing_heard();
        CHECK(first.choice->choice == "y");
    }

    TEST_CASE("of two presses that come at once the first is the choice") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask(approval, "可以发布吗？");
        rig.wecom.press_async("hr", "alice", card.msgid, "Refuse", [](const auto&) {});
        rig.wecom.press_async("hr", "alice", card.msgid, "Refuse", [](const auto&) {});
        CHECK(rig.next_event().choice->choice == "n");
        CHECK(rig.told() == "您已经选过：Refuse");
        rig.wait_for_label(card, "Refuse");
        rig.check_nothing_heard();
    }

    TEST_CASE("a press by somebody else is told so, and leaves the question open") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        rig.write(stray_press(task_of(card)), "bob");
        CHECK(rig.told("bob") == "This question was put to somebody else.");
        CHECK(rig.label_on(card).empty());
        CHECK(rig.press(card, "Approve").choice->choice == "y");
    }

    TEST_CASE("a card is answered for thirty days, and then it says that it has expired") {
        ChoiceRig rig;
        rig.start();
        const auto early = rig.ask();
        const auto late = rig.ask({"q2", {{"a", "好"}}}, "可以吗？");
        rig.clock.advance(std::chrono::hours{29 * 24});
        CHECK(rig.press(early, "Approve").choice->choice == "y");
        rig.wait_for_label(early, "Approve");
        rig.clock.advance(std::chrono::hours{2 * 24});
        CHECK(rig.wecom.press("hr", "alice", late.msgid, "好").acknowledged);
        CHECK(rig.told() == "这个问题已经过期，请直接写下您的回答。");
        rig.wait_for_label(late, "已过期");
        rig.check_nothing_heard();
    }

    TEST_CASE("a list that is submitted with nothing selected asks for a choice and stays open") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        rig.write(stray_press(task_of(card), "submit"));
        CHECK(rig.told() == "Nothing was chosen. Please choose one and submit again.");
        CHECK(rig.press(card, "Approve").choice->choice == "y");
    }

    TEST_CASE("another program's card is an event for the agent") {
        ChoiceRig rig;
        rig.start();
        rig.write(stray_press("their-task", "their-key"));
        const auto event = rig.next_event();
        CHECK(event.kind == MessageKind::event);
        CHECK(event.text == "[answered a card] their-key");
        CHECK_FALSE(event.choice);
    }

    TEST_CASE("a question is answered after a restart, and the card is closed after another") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        rig.restart();
        rig.wecom.add_fault(sim::http_error(sim::Call::update_card, 502));
        const auto event = rig.press(card, "Approve");
        CHECK(event.choice->question == "approve-7");
        CHECK(rig.adapter->begin(event.id));
        rig.reply(event, "done");
        rig.stop();
        CHECK(rig.label_on(card).empty());
        rig.wecom.clear_faults();
        rig.start();
        rig.let_time_pass_until([&] { return rig.label_on(card) == "Approve"; });
        CHECK(rig.wecom.wait_for_delivery({.content = "done"}, patience));
    }

    TEST_CASE("a choice that comes again after a restart is the same choice") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        const auto first = rig.press(card, "Approve");
        CHECK(rig.adapter->begin(first.id));
        rig.wait_for_label(card, "Approve");
        rig.restart();
        const auto again = rig.next_event();
        CHECK(again.id == first.id);
        CHECK(again.redelivered);
        CHECK(again.kind == MessageKind::choice);
        CHECK(again.choice->choice == "y");
    }

    TEST_CASE("a card whose update came through without an answer is not a dead letter") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::update_card, 1));
        rig.adapter->settle(rig.press(card, "Approve").id);
        rig.wait_for_label(card, "Approve");
        rig.let_time_pass_until([&] { return rig.wecom.calls(sim::Call::update_card, "hr") == 2; });
        rig.stop();
        CHECK(rig.wecom.calls(sim::Call::update_card, "hr") == 2);
        const auto state = rig.inspect()->summary();
        CHECK(state.outbox.dead == 0);
        CHECK(state.outbox.pending + state.outbox.retrying == 0);
    }

    TEST_CASE("a card that came through without an answer is delivered, also hours later") {
        ChoiceRig rig;
        rig.start();
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::send_message, 1));
        rig.reply_asking(rig.hear("hr", "alice", "what now?"), approval);
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.clock.advance(std::chrono::hours{5});  // WeCom looks for no duplicates any more
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.deliveries({}).size() == 1);
        CHECK(rig.inspect()->summary().outbox.dead == 0);
        const auto card = rig.wecom.deliveries({}).front();
        CHECK(rig.press(card, "Approve").choice->choice == "y");
    }

    TEST_CASE("what comes after a press in its chat is heard after it") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        rig.wecom.press_async("hr", "alice", card.msgid, "Approve", [](const auto&) {});
        rig.write(sim::text_message("and hurry"));
        CHECK(rig.next_event().text == "Approve");
        CHECK(rig.next_event().text == "and hurry");
    }

    // --- what can't be asked --------------------------------------------------------------------

    TEST_CASE("a question that can't be asked fails with its sentence, and nothing is sent") {
        ChoiceRig rig;
        rig.start();
        const auto event = rig.hear("hr", "alice", "what now?");
        OutboundMessage message;
        message.chat = event.chat;
        message.reply_to = event.id;
        message.text = "Ship it?";
        message.question = Question{"q", {{"a", "Yes"}, {"a", "No"}}};
        rig.send(std::move(message));
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::invalid);
        CHECK(result.detail == "two choices have the id \"a\"");
        CHECK(rig.wecom.deliveries({}).empty());
    }

    TEST_CASE("the adapter says what it can ask") {
        ChoiceRig rig;
        rig.start();
        const auto can = rig.adapter->capabilities();
        CHECK(can.choices_max == 20);
        CHECK(can.choice_label_bytes_max == 128);
    }
}

}  // namespace hermes::test
