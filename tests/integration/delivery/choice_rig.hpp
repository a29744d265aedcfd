// A member who is asked, for the tests of what becomes of the answer.
#pragma once

#include <doctest/doctest.h>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

inline const Question approval{"approve-7", {{"y", "Approve"}, {"n", "Refuse"}}};

// A rig in which alice has written to an app and is asked in return.
class ChoiceRig : public AdapterRig {
public:
    using AdapterRig::AdapterRig;

    MessageEvent asking;  // what alice wrote

    // The card, or the lines, as alice has got them.
    host::simulator::Delivered ask(Question question = approval,
                                   const std::string& text = "Ship it?",
                                   const std::string& app = "hr") {
        asking = hear(app, "alice", "what now?");
        reply_asking(asking, std::move(question), text);
        REQUIRE(next_result().status == SendStatus::delivered);
        const auto delivered = wecom.wait_for_delivery({.app = app, .user_id = "alice"}, patience);
        REQUIRE(delivered);
        return *delivered;
    }

    void reply_asking(const MessageEvent& event, Question question,
                      const std::string& text = "Ship it?") {
        OutboundMessage message;
        message.chat = event.chat;
        message.account = event.account;
        message.reply_to = event.id;
        message.text = text;
        message.question = std::move(question);
        send(std::move(message));
    }

    MessageEvent press(const host::simulator::Delivered& card, const std::string& label) {
        REQUIRE(wecom.press(card.app, "alice", card.msgid, label).acknowledged);
        return next_event();
    }

    MessageEvent next_event() {
        auto event = host.events.take();
        REQUIRE(event);
        return std::move(*event);
    }

    void write(const host::simulator::MemberMessage& message, const std::string& user = "alice") {
        REQUIRE(wecom.write("hr", user, message).acknowledged);
    }

    std::string label_on(const host::simulator::Delivered& card) const {
        for (const auto& entry : wecom.entries()) {
            if (entry.msgid == card.msgid && entry.from == host::simulator::ChatEntry::From::app) {
                return entry.card_label;
            }
        }
        return "no such card";
    }
    void wait_for_label(const host::simulator::Delivered& card, const std::string& label) {
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

}  // namespace hermes::test
