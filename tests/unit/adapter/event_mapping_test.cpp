#include "event_mapping.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {

namespace {

MessageEvent event_of(const std::string& inner) {
    const auto message = parse_inbound(
        "<xml><ToUserName>ww1234567890</ToUserName><FromUserName>zhangsan</FromUserName>"
        "<CreateTime>1700000000</CreateTime>" +
        inner + "<AgentID>1000002</AgentID></xml>");
    REQUIRE(message.has_value());
    return to_event({.seq = 17,
                     .account = "ww1234567890:1000002",
                     .chat = "ww1234567890:zhangsan",
                     .payload = {},
                     .attempt = 2,
                     .redelivered = true},
                    *message, "hr");
}

}  // namespace

TEST_SUITE("adapter/event_mapping") {
    TEST_CASE("a text becomes an event with user, chat, account and text") {
        const auto event =
            event_of("<MsgType>text</MsgType><Content>你好</Content><MsgId>123456789</MsgId>");
        CHECK(event.id.value == "17");
        CHECK(event.platform == "wecom_callback");
        CHECK(event.account == "hr");  // what the app is called, not what it is
        CHECK(event.chat.value == "ww1234567890:zhangsan");
        CHECK(event.user_id == "zhangsan");
        CHECK(event.kind == MessageKind::text);
        CHECK(event.text == "你好");
        CHECK(event.details.at("MsgId") == "123456789");
        CHECK(event.attempt == 2);
        CHECK(event.redelivered);
        CHECK(std::chrono::system_clock::to_time_t(event.sent_at) == 1700000000);
    }

    TEST_CASE("a picture is an attachment, and the text says that there is one") {
        const auto event = event_of(
            "<MsgType>image</MsgType><PicUrl>https://p/1</PicUrl><MediaId>m1</MediaId>"
            "<MsgId>1</MsgId>");
        CHECK(event.kind == MessageKind::image);
        CHECK(event.text == "[image]");
        REQUIRE(event.attachments.size() == 1);
        CHECK(event.attachments[0].handle == "m1");
        CHECK(event.attachments[0].url == "https://p/1");
    }

    TEST_CASE("a place is told in words and numbers") {
        const auto event = event_of(
            "<MsgType>location</MsgType><Location_X>23.1</Location_X><Location_Y>113.3</Location_Y>"
            "<Label>广州塔</Label><MsgId>1</MsgId>");
        CHECK(event.text == "[location] 广州塔 (23.1, 113.3)");
    }

    TEST_CASE("a click keeps its key and never becomes a command") {
        const auto event =
            event_of("<MsgType>event</MsgType><Event>click</Event><EventKey>/new</EventKey>");
        CHECK(event.kind == MessageKind::event);
        CHECK(event.text == "[menu] /new");
    }

    TEST_CASE("spoken words are the text where WeCom recognised them") {
        CHECK(event_of("<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format>"
                       "<Recognition>早上好</Recognition><MsgId>1</MsgId>")
                  .text == "早上好");
        CHECK(event_of("<MsgType>voice</MsgType><MediaId>m</MediaId><MsgId>1</MsgId>").text ==
              "[voice]");
    }
}

}  // namespace hermes::wecom
