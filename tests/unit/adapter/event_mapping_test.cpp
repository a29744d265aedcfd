#include "incoming/event_mapping.hpp"

#include <doctest/doctest.h>

#include "unit/adapter/inbound_samples.hpp"
#include "unit/policy/signed_callback.hpp"

namespace hermes::wecom {

namespace {

App hr(const std::vector<std::string>& menu = {}) {
    auto app = test::callback_app("hr", "ww1234567890", "1000002", "token");
    app.menu = std::get<MenuTexts>(MenuTexts::from_entries(menu));
    return app;
}

MessageEvent event_of(const std::string& inner, const App& app = hr()) {
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
                    *message, app);
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

    TEST_CASE("a menu entry with a text is as if the member had written it") {
        const std::string click =
            "<MsgType>event</MsgType><Event>click</Event><EventKey>leave</EventKey>";
        const auto event = event_of(click, hr({"leave=/new", "pay=when do I get paid?"}));
        CHECK(event.kind == MessageKind::text);
        CHECK(event.text == "/new");
        CHECK(event.details.at("EventKey") == "leave");
        const auto other = event_of(click, hr({"pay=when do I get paid?"}));
        CHECK(other.kind == MessageKind::event);
        CHECK(other.text == "[chose a menu entry] leave");
    }

    TEST_CASE("a text that is the key of a menu entry stays what it is") {
        const auto event = event_of(
            "<MsgType>text</MsgType><Content>leave</Content><EventKey>leave</EventKey>"
            "<MsgId>1</MsgId>",
            hr({"leave=I want leave"}));
        CHECK(event.text == "leave");
    }

    TEST_CASE("a picture is an attachment, and the text says that there is one") {
        const auto event = event_of(
            "<MsgType>image</MsgType><PicUrl>https://p/1</PicUrl><MediaId>m1</MediaId>"
            "<MsgId>1</MsgId>");
        CHECK(event.kind == MessageKind::image);
        CHECK(event.text == "[sent a picture]");
        REQUIRE(event.attachments.size() == 1);
        CHECK(event.attachments[0].handle == "m1");
        CHECK(event.attachments[0].url == "https://p/1");
    }

    TEST_CASE("each file has its kind, WeCom's handle, and its name where that is known") {
        const auto attached = [](const std::string& kind) {
            const auto event = event_of(test::inbound_samples().at(kind));
            REQUIRE(event.attachments.size() == 1);
            CHECK(event.attachments[0].kind == event.kind);
            CHECK(event.attachments[0].path.empty());
            return event.attachments[0];
        };
        CHECK(attached("image").kind == MessageKind::image);
        CHECK(attached("voice").kind == MessageKind::voice);
        CHECK(attached("voice").handle == "m2");
        CHECK(attached("video").kind == MessageKind::video);
        CHECK(attached("video").handle == "m3");
        CHECK(attached("file").kind == MessageKind::file);
        CHECK(attached("file").handle == "m4");
        CHECK(attached("file").file_name == "report.pdf");
    }

    TEST_CASE("a file that WeCom sends without its handle is an attachment all the same") {
        const auto event = event_of("<MsgType>voice</MsgType><MsgId>1</MsgId>");
        REQUIRE(event.attachments.size() == 1);
        CHECK(event.attachments[0].handle.empty());
    }

    TEST_CASE("what has no file has no attachment, and its address is not taken for one") {
        for (const auto* kind : {"text", "location", "link", "click", "template_card_event"}) {
            CAPTURE(kind);
            CHECK(event_of(test::inbound_samples().at(kind)).attachments.empty());
        }
        CHECK(event_of(test::inbound_samples().at("location")).kind == MessageKind::location);
        CHECK(event_of(test::inbound_samples().at("link")).kind == MessageKind::link);
    }

    TEST_CASE("an event tells under details which it is, and what WeCom said of it") {
        const auto event = event_of(test::inbound_samples().at("scancode_push"));
        CHECK(event.kind == MessageKind::event);
        CHECK(event.details.at("Event") == "scancode_push");
        CHECK(event.details.at("ScanCodeInfo/ScanResult") == "asset 4711");
    }

    TEST_CASE("what repeats in a card is lines of one detail, and its response code stays here") {
        const auto event = event_of(test::inbound_samples().at("template_card_event"));
        CHECK(event.details.at("TaskId") == "t-42");
        CHECK(event.details.at("SelectedItems/SelectedItem/OptionIds/OptionId") == "rice\nsoup");
        CHECK_FALSE(event.details.contains("ResponseCode"));
    }
}

}  // namespace hermes::wecom
