// What a member is told who waits for an answer.
#include "conversation/sign_of_life.hpp"

#include <doctest/doctest.h>

#include "conversations_fixture.hpp"

using namespace hermes::host;
using hermes::EventId;
using hermes::ReplyRole;
using hermes::host::test::event;
using hermes::host::test::Fixture;
using hermes::host::test::quick;
using namespace std::chrono_literals;

namespace {

ConversationOptions noticing(std::chrono::milliseconds after, std::chrono::milliseconds every) {
    auto options = quick();
    options.sign_of_life = {after, every};
    return options;
}

// On a busy machine a turn may begin later than a notice of a millisecond is due.
std::string said_of_its_turn(Fixture& f) {
    auto text = f.adapter.said();
    while (text == "Got it, its turn comes soon." || text == "已收到，马上就轮到。") {
        text = f.adapter.said();
    }
    return text;
}

}  // namespace

TEST_SUITE("host_stub/sign_of_life") {
    TEST_CASE(
        "a turn that takes long is noticed, as an interim reply, and only once without every") {
        Fixture f(noticing(1ms, 0ms));
        f.hear("e1", "slow");
        auto notice = f.adapter.sent.take();
        while (notice && notice->message.text == "Got it, its turn comes soon.") {
            notice = f.adapter.sent.take();
        }
        REQUIRE(notice.has_value());
        CHECK(notice->message.text == "Still working on it.");
        CHECK(notice->message.role == ReplyRole::interim);
        CHECK(notice->message.reply_to == EventId{"e1"});
        f.agent.reply("slow", "done");
        CHECK(f.adapter.said() == "done");
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("it is noticed again and again until there is an answer, which is the last word") {
        Fixture f(noticing(1ms, 1ms));
        f.hear("e1", "slow");
        for (int i = 0; i < 5; ++i) {
            CHECK(said_of_its_turn(f) == "Still working on it.");
        }
        f.agent.reply("slow", "done");
        auto last = f.adapter.said();
        while (last == "Still working on it.") {
            last = f.adapter.said();
        }
        CHECK(last == "done");
        f.hear("e2", "next");
        CHECK(f.agent.was_asked() == "slow");
        CHECK(f.agent.was_asked() == "next");
        f.agent.reply("next", "done too");
        auto after = f.adapter.sent.take();
        while (after && after->message.text != "done too") {
            CHECK(after->message.reply_to == EventId{"e2"});
            after = f.adapter.sent.take();
        }
        CHECK(after.has_value());
    }

    TEST_CASE("the operator's words are used, with the minutes that it has taken") {
        auto options = noticing(1ms, 0ms);
        options.notice_words = {.chinese = "请稍等", .english = "{minutes} min. Wait."};
        Fixture f(options);
        f.hear("e1", "slow");
        CHECK(said_of_its_turn(f) == "0 min. Wait.");
        f.hear("e2", "慢", "corp:lisi");
        CHECK(said_of_its_turn(f) == "请稍等");
        f.agent.reply("slow", "done");
        f.agent.reply("慢", "done");
    }

    TEST_CASE("a notice is in the language of the message, or of the chat if it has none") {
        Fixture f(noticing(1ms, 0ms));
        f.hear("e1", "慢");
        CHECK(said_of_its_turn(f) == "还在处理中，请稍候。");
        f.agent.reply("慢", "done");
        CHECK(f.adapter.said() == "done");
        auto picture = event("e2", "[image]");
        picture.kind = hermes::MessageKind::image;
        f.conversations.receive(f.adapter, picture);
        CHECK(said_of_its_turn(f) == "还在处理中，请稍候。");
        f.agent.reply("[image]", "seen");
        CHECK(f.adapter.said() == "seen");
    }

    TEST_CASE("a message that waits is told once how many are before it, of several the last is") {
        Fixture f(noticing(200ms, 0ms));
        f.hear("e1", "slow");
        f.hear("e2", "second");
        f.hear("e3", "third");
        std::optional<std::string> place;
        for (int i = 0; i < 2; ++i) {
            const auto notice = f.adapter.sent.take();
            REQUIRE(notice);
            CHECK(notice->message.role == ReplyRole::interim);
            if (notice->message.reply_to == EventId{"e3"}) {
                place = notice->message.text;
            } else {
                CHECK(notice->message.reply_to == EventId{"e1"});
            }
        }
        CHECK(place == "Got it: 2 messages are before it.");
        f.agent.reply("slow", "one");
        f.agent.reply("second", "two");
        f.agent.reply("third", "three");
        CHECK(f.adapter.said() == "one");
        CHECK(f.adapter.said() == "two");
        CHECK(f.adapter.said() == "three");
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("a turn that is answered before is not noticed, nor is one that was stopped") {
        Fixture f(noticing(1h, 1h));
        f.hear("e1", "fast");
        f.agent.reply("fast", "done");
        CHECK(f.adapter.said() == "done");
        f.hear("e2", "slow");
        CHECK(f.agent.was_asked() == "fast");
        CHECK(f.agent.was_asked() == "slow");
        f.hear("e3", "/stop");
        CHECK(f.adapter.said() == "Stopped.");
        CHECK(f.agent.cancelled.take() == "slow");
        f.conversations.stop();
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("a command is answered and never noticed") {
        Fixture f(noticing(1ms, 1ms));
        f.hear("e1", "/帮助");
        CHECK(f.adapter.said().find("/新会话") != std::string::npos);
        f.hear("e2", "/help");
        CHECK(f.adapter.said().find("/new") != std::string::npos);
        f.conversations.stop();
        CHECK(f.adapter.sent.size() == 0);
    }

    TEST_CASE("without the setting nothing is noticed") {
        CHECK(ConversationOptions().sign_of_life.after == 0ms);
    }
}
