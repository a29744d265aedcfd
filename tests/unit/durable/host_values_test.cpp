#include "durable/store/host_values.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hermes::durable;

TEST_SUITE("durable/host values") {
    TEST_CASE("an event id is read back, and nothing else is taken for one") {
        CHECK(event_seq(event_id(42)) == 42);
        for (const auto* text : {"", "0", "-1", "x", "1x", " 1", "99999999999999999999"}) {
            CAPTURE(text);
            CHECK_FALSE(event_seq({text}).has_value());
        }
    }

    TEST_CASE("an event of the host says what the inbox knows") {
        StoredEvent stored;
        stored.seq = 7;
        stored.account = "ww1:1000002";
        stored.chat = "ww1:alice";
        stored.attempt = 2;
        stored.redelivered = true;
        const auto event = host_event(stored);
        CHECK(event.id.value == "7");
        CHECK(event.account == "ww1:1000002");
        CHECK(event.chat.value == "ww1:alice");
        CHECK(event.attempt == 2);
        CHECK(event.redelivered);
    }

    TEST_CASE("a reply answers its event, and only a final one settles it") {
        hermes::OutboundMessage said;
        said.chat.value = "ww1:alice";
        said.reply_to = event_id(7);
        auto message = new_message(said);
        CHECK(message.chat == "ww1:alice");
        CHECK(message.answers == 7);
        CHECK(message.settles == 7);
        CHECK_FALSE(message.is_notice);
        said.role = hermes::ReplyRole::interim;
        CHECK_FALSE(new_message(said).settles);
        said.reply_to.reset();
        message = new_message(said);
        CHECK(message.is_notice);
        CHECK(message.answers == 0);
    }

    TEST_CASE("what answers an event of somebody else's is no notice, and settles nothing") {
        hermes::OutboundMessage said;
        said.reply_to = hermes::EventId{"not ours"};
        const auto message = new_message(said);
        CHECK_FALSE(message.is_notice);
        CHECK(message.answers == 0);
        CHECK_FALSE(message.settles);
    }

    TEST_CASE("who is refused is told once, and only a stop may be tried again") {
        std::vector<hermes::SendResult> told;
        const hermes::SendHandler handler = [&](const hermes::SendResult& result) {
            told.push_back(result);
        };
        refuse_stopped(handler);
        refuse(handler, hermes::SendError::invalid, "no text");
        refuse_stopped({});
        REQUIRE(told.size() == 2);
        CHECK(told[0].error == hermes::SendError::stopped);
        CHECK(told[0].retryable);
        CHECK(told[1].detail == "no text");
        CHECK_FALSE(told[1].retryable);
    }
}
