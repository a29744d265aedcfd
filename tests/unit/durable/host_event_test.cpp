#include "durable/host_event.hpp"

#include <doctest/doctest.h>

using namespace hermes::durable;

TEST_SUITE("durable/host event") {
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
}
