#include "incoming/inbound_words.hpp"

#include <doctest/doctest.h>

#include "unit/adapter/inbound_samples.hpp"

namespace hermes::wecom {

namespace {

std::string told(const std::string& inner) {
    const auto message = parse_inbound(
        "<xml><ToUserName>ww1234567890</ToUserName><FromUserName>zhangsan</FromUserName>"
        "<CreateTime>1700000000</CreateTime>" +
        inner + "<AgentID>1000002</AgentID></xml>");
    REQUIRE(message.has_value());
    return readable(*message);
}

std::string told_of(const std::string& kind) {
    return told(test::inbound_samples().at(kind));
}

}  // namespace

TEST_SUITE("adapter/inbound_words") {
    TEST_CASE("every kind that is handed over has words, and none of them can be a command") {
        std::size_t handed_over = 0;
        for (const auto& rule : inbound_rules()) {
            const std::string name(rule.event.empty() ? rule.msg_type : rule.event);
            if (rule.handling != Handling::agent || name == "text") {
                continue;
            }
            ++handed_over;
            CAPTURE(name);
            CHECK(told_of(name).front() == '[');
        }
        CHECK(handed_over + 1 == test::inbound_samples().size());
    }

    TEST_CASE("a text is what the member wrote") {
        CHECK(told_of("text") == "你好");
    }

    TEST_CASE("what is a file says what was sent, and what it is called where that is known") {
        CHECK(told_of("image") == "[sent a picture]");
        CHECK(told_of("voice") == "[sent a voice message]");
        CHECK(told_of("video") == "[sent a video]");
        CHECK(told_of("file") == "[sent a file] report.pdf");
        CHECK(told("<MsgType>file</MsgType><MediaId>m</MediaId>") == "[sent a file]");
    }

    TEST_CASE("spoken words are the text where WeCom recognised them") {
        CHECK(told("<MsgType>voice</MsgType><MediaId>m</MediaId>"
                   "<Recognition>早上好</Recognition>") == "早上好");
    }

    TEST_CASE("a place is told in words and numbers") {
        CHECK(told_of("location") == "[sent a place] 广州塔 (latitude 23.1, longitude 113.3)");
        CHECK(told_of("location_select") ==
              "[chose a place] East gate, 广州塔 (latitude 23.1, longitude 113.3)");
        CHECK(told("<MsgType>location</MsgType><Location_X>1</Location_X>"
                   "<Location_Y>2</Location_Y>") == "[sent a place] (latitude 1, longitude 2)");
        CHECK(told("<MsgType>location</MsgType><Label>here</Label>") == "[sent a place] here");
        CHECK(told("<MsgType>location</MsgType>") == "[sent a place]");
    }

    TEST_CASE("a link is told with its title and its address, each on a line") {
        CHECK(told_of("link") == "[sent a link] Rules\nfor travel\nhttps://e.example/rules");
        CHECK(told("<MsgType>link</MsgType><Url>https://e.example</Url>") ==
              "[sent a link] https://e.example");
    }

    TEST_CASE("a click keeps its key and never becomes a command") {
        CHECK(told_of("click") == "[chose a menu entry] holidays");
        CHECK(told("<MsgType>event</MsgType><Event>click</Event><EventKey>/new</EventKey>") ==
              "[chose a menu entry] /new");
    }

    TEST_CASE("a code is told with what it holds, and whether the member waits for an answer") {
        CHECK(told_of("scancode_push") == "[scanned a code] asset 4711");
        CHECK(told_of("scancode_waitmsg") ==
              "[scanned a code, and waits for an answer] asset 4711");
    }

    TEST_CASE("a card that nobody remembers is told by its keys") {
        CHECK(told_of("template_card_event") == "[answered a card] submit lunch: rice soup");
        CHECK(told_of("template_card_menu_event") == "[chose from a card's menu] mute");
        CHECK(told("<MsgType>event</MsgType><Event>template_card_event</Event>") ==
              "[answered a card]");
    }
}

}  // namespace hermes::wecom
