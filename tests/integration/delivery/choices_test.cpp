// Questions from the message that asks to the press that answers, through the whole adapter and the
// simulated WeCom.
#include <doctest/doctest.h>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

const Question approval{"approve-7", {{"y", "Approve"}, {"n", "Refuse"}}};

void with_numbers(boost::json::object& settings) {
    settings["choices"] = "text";
}

// A rig in which alice has written to an app and is asked in return.
class ChoiceRig : public AdapterRig {
public:
    using AdapterRig::AdapterRig;

    MessageEvent asking;  // what alice wrote

    // The card, or the lines, as alice has got them.
    sim::Delivered ask(Question question = approval, const std::string& text = "Ship it?",
                       const std::string& app = "hr") {
        asking = hear(app, "alice", "what now?");
        OutboundMessage message;
        message.chat = asking.chat;
        message.account = asking.account;
        message.reply_to = asking.id;
        message.text = text;
        message.question = std::move(question);
        send(std::move(message));
        REQUIRE(next_result().status == SendStatus::delivered);
        const auto delivered = wecom.wait_for_delivery({.app = app, .user_id = "alice"}, patience);
        REQUIRE(delivered);
        return *delivered;
    }

    MessageEvent press(const sim::Delivered& card, const std::string& label) {
        REQUIRE(wecom.press(card.app, "alice", card.msgid, label).acknowledged);
        return next_event();
    }

    MessageEvent next_event() {
        auto event = host.events.take();
        REQUIRE(event);
        return std::move(*event);
    }

    void write(const sim::MemberMessage& message, const std::string& user = "alice") {
        REQUIRE(wecom.write("hr", user, message).acknowledged);
    }

    std::string label_on(const sim::Delivered& card) const {
        for (const auto& entry : wecom.entries()) {
            if (entry.msgid == card.msgid && entry.from == sim::ChatEntry::From::app) {
                return entry.card_label;
            }
        }
        return "no such card";
    }
    void wait_for_label(const sim::Delivered& card, const std::string& label) {
        CHECK(wecom.wait_until([&] { return label_on(card) == label; }, patience));
    }

    // What is tried again is tried when its time has come.
    void let_time_pass_until(const std::function<bool()>& reached) {
        for (int step = 0; step < 200; ++step) {
            if (wecom.wait_until(reached, std::chrono::milliseconds{50})) {
                return;
            }
            clock.advance(std::chrono::seconds{1});
        }
        FAIL("it has not come about");
    }

    // What the member reads next from the app.
    std::string told(const std::string& user = "alice") {
        const auto delivered = wecom.wait_for_delivery({.app = "hr", .user_id = user}, patience);
        REQUIRE(delivered);
        return delivered->content;
    }

    // Nothing has been heard but what is heard now.
    void check_nothing_heard() {
        CHECK(hear("hr", "bob", "marker").text == "marker");
        CHECK(host.events.size() == 0);
    }
};

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

    TEST_CASE("what comes after a press in its chat is heard after it") {
        ChoiceRig rig;
        rig.start();
        const auto card = rig.ask();
        rig.wecom.press_async("hr", "alice", card.msgid, "Approve", [](const auto&) {});
        rig.write(sim::text_message("and hurry"));
        CHECK(rig.next_event().text == "Approve");
        CHECK(rig.next_event().text == "and hurry");
    }

    // --- numbered lines -------------------------------------------------------------------------

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
