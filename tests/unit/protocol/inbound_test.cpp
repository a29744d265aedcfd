#include "protocol/inbound.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/inbound");

// The elements that every message has, around what a test is about.
std::string message_xml(std::string_view rest, std::string_view msg_type = "text") {
    return "<xml><ToUserName><![CDATA[ww1234567890]]></ToUserName>"
           "<FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1700000000</CreateTime>"
           "<MsgType><![CDATA[" +
           std::string(msg_type) + "]]></MsgType>" + std::string(rest) + "</xml>";
}

InboundMessage parsed(std::string_view rest, std::string_view msg_type = "text") {
    return parse_inbound(message_xml(rest, msg_type)).value();
}

boost::system::error_code message_refusal(std::string_view rest) {
    return parse_inbound(message_xml(rest)).error();
}

TEST_CASE("a text is read") {
    const auto message = parsed(
        "<Content><![CDATA[你好]]></Content><MsgId>123456789</MsgId><AgentID>1000002</AgentID>");
    CHECK(message.kind == InboundKind::text);
    CHECK(message.msg_type == "text");
    CHECK(message.to_corp.str() == "ww1234567890");
    CHECK(message.from_user.str() == "zhangsan");
    CHECK(ChatAddress{message.to_corp, message.from_user}.str() == "ww1234567890:zhangsan");
    CHECK(message.msg_id == "123456789");
    CHECK(message.text == "你好");
    CHECK(message.create_time_s == 1700000000);
    CHECK(message.agent.value().number() == 1000002);
}

TEST_CASE("the white space around a text is removed, that inside is kept") {
    CHECK(parsed("<Content><![CDATA[ \n a\n\n b \n]]></Content>").text == "a\n\n b");
    CHECK(parsed("<Content> </Content>").text.empty());
    CHECK(parsed("").text.empty());
}

TEST_CASE("a text keeps markup, emoji and the end of CDATA") {
    const std::string text = "<b>]]>&lt; 👨‍👩‍👧";
    CHECK(parsed("<Content>" +
                 std::string("<![CDATA[<b>]]]]><![CDATA[>&lt; 👨‍👩‍👧]]></Content>"))
              .text == text);
}

TEST_CASE("an image, a voice message and a video carry their media id") {
    const auto image = parsed(
        "<PicUrl><![CDATA[https://p.example/i?a=1&b=2]]></PicUrl><MediaId>M1</MediaId>", "image");
    CHECK(image.kind == InboundKind::image);
    CHECK(image.media_id == "M1");
    CHECK(image.url == "https://p.example/i?a=1&b=2");

    const auto voice = parsed("<MediaId>M2</MediaId><Format>amr</Format>", "voice");
    CHECK(voice.kind == InboundKind::voice);
    CHECK(voice.media_id == "M2");
    CHECK(voice.field("Format") == "amr");

    const auto video = parsed("<MediaId>M3</MediaId><ThumbMediaId>T3</ThumbMediaId>", "video");
    CHECK(video.kind == InboundKind::video);
    CHECK(video.media_id == "M3");
    CHECK(video.field("ThumbMediaId") == "T3");
}

TEST_CASE("a file, which no document tells of, is read as a picture is, with its name") {
    const auto file = parsed(
        "<MediaId>M4</MediaId><FileName><![CDATA[a & ../b.pdf]]></FileName>"
        "<FileSize>7</FileSize>",
        "file");
    CHECK(file.kind == InboundKind::file);
    CHECK(file.media_id == "M4");
    CHECK(file.file_name == "a & ../b.pdf");
    CHECK(file.field("FileSize") == "7");
}

TEST_CASE("a location and a link keep what they say in fields") {
    const auto location = parsed(
        "<Location_X>23.134</Location_X><Location_Y>113.358</Location_Y><Scale>20</Scale>"
        "<Label><![CDATA[位置]]></Label>",
        "location");
    CHECK(location.kind == InboundKind::location);
    CHECK(location.field("Location_X") == "23.134");
    CHECK(location.field("Location_Y") == "113.358");
    CHECK(location.field("Label") == "位置");

    const auto link = parsed(
        "<Title>T</Title><Description>D</Description><Url>https://e.example</Url>"
        "<PicUrl>https://p.example</PicUrl>",
        "link");
    CHECK(link.kind == InboundKind::link);
    CHECK(link.url == "https://e.example");
    CHECK(link.field("PicUrl") == "https://p.example");
}

TEST_CASE("an event has its name in lower case and its key as it is written") {
    const auto click = parsed(
        "<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[Menu_1]]></EventKey>"
        "<AgentID>1000002</AgentID>",
        "event");
    CHECK(click.kind == InboundKind::click);
    CHECK(click.event == "click");
    CHECK(click.event_key == "Menu_1");
    CHECK(click.msg_id.empty());
    CHECK(parsed("<Event>subscribe</Event>", "event").event == "subscribe");
    CHECK(parsed("<Event>LOCATION</Event>", "event").event == "location");
}

TEST_CASE("nested leaves of an event are found by their path") {
    const auto event = parsed(
        "<Event>location_select</Event><SendLocationInfo><Label>here</Label><Poiname>p</Poiname>"
        "</SendLocationInfo>",
        "event");
    CHECK(event.field("SendLocationInfo/Label") == "here");
    CHECK(event.field("SendLocationInfo/Poiname") == "p");
    CHECK(event.field("SendLocationInfo").empty());
    CHECK(event.field("Label").empty());
}

std::string selected(std::string_view question, std::string_view options) {
    return "<SelectedItem><QuestionKey>" + std::string(question) + "</QuestionKey>" +
           std::string(options) + "</SelectedItem>";
}

TEST_CASE("an answered card has its task, its code, and each list with what was selected in it") {
    const auto vote = parsed(
        "<Event>template_card_event</Event><EventKey>submit-1</EventKey><TaskId>t-42</TaskId>"
        "<CardType>vote_interaction</CardType><ResponseCode>rc</ResponseCode><SelectedItems>" +
            selected("q1", "<OptionIds><OptionId>a</OptionId><OptionId>c</OptionId></OptionIds>") +
            selected("q2", "<OptionIds></OptionIds>") +
            selected("q3", "<OpitonIds><OpitonId>d</OpitonId></OpitonIds>") + "</SelectedItems>",
        "event");
    CHECK(vote.kind == InboundKind::card_answer);
    CHECK(vote.event_key == "submit-1");
    REQUIRE(vote.card);
    CHECK(vote.card->task_id == "t-42");
    CHECK(vote.card->card_type == "vote_interaction");
    CHECK(vote.card->response_code == "rc");
    REQUIRE(vote.card->selections.size() == 3);
    CHECK(vote.card->selections[0].question_key == "q1");
    CHECK(vote.card->selections[0].option_ids == std::vector<std::string>{"a", "c"});
    CHECK(vote.card->selections[1].option_ids.empty());
    CHECK(vote.card->selections[2].option_ids == std::vector<std::string>{"d"});
}

TEST_CASE("a card whose parts are missing, empty or out of place is still an answered card") {
    const auto bare = parsed("<Event>template_card_menu_event</Event>", "event");
    CHECK(bare.kind == InboundKind::card_menu_choice);
    REQUIRE(bare.card);
    CHECK(bare.card->task_id.empty());
    CHECK(bare.card->selections.empty());
    const auto stray = parsed(
        "<Event>template_card_event</Event><SelectedItems><SelectedItem><OptionIds>"
        "<OptionId>a</OptionId></OptionIds></SelectedItem></SelectedItems>",
        "event");
    CHECK(stray.card->selections.empty());
}

TEST_CASE("only a card has a card's answer") {
    CHECK_FALSE(parsed("<Event>click</Event><TaskId>t</TaskId>", "event").card);
    CHECK_FALSE(parsed("<TaskId>t</TaskId>").card);
}

TEST_CASE("a kind of message that WeCom invents later is kept under its own name") {
    const auto message = parsed("<Hologram>h</Hologram>", "hologram");
    CHECK(message.kind == InboundKind::unknown);
    CHECK(message.msg_type == "hologram");
    CHECK(message.field("Hologram") == "h");
}

TEST_CASE("corp and app are those that the message names, for the caller to compare") {
    const auto message =
        parse_inbound(
            "<xml><ToUserName>OTHERCORP</ToUserName><FromUserName>alice</FromUserName>"
            "<MsgType>text</MsgType><AgentID>7</AgentID></xml>")
            .value();
    CHECK(message.to_corp.str() == "OTHERCORP");
    CHECK(message.agent.value().number() == 7);
}

TEST_CASE("an event that belongs to no app has no agent") {
    CHECK_FALSE(parsed("", "event").agent.has_value());
    CHECK_FALSE(parsed("<AgentID/>", "event").agent.has_value());
    CHECK_FALSE(parsed("<AgentID><![CDATA[]]></AgentID>", "event").agent.has_value());
    CHECK_FALSE(parsed("<AgentID>0</AgentID>", "event").agent.has_value());
}

TEST_CASE("an absent time is the epoch") {
    CHECK(parse_inbound("<xml><ToUserName>ww1</ToUserName><FromUserName>a</FromUserName>"
                        "<MsgType>text</MsgType></xml>")
              .value()
              .create_time_s == 0);
}

TEST_CASE("a message that lacks its corp, its sender or its type is refused") {
    for (const std::string_view xml : {
             "<xml><FromUserName>a</FromUserName><MsgType>text</MsgType></xml>",
             "<xml><ToUserName>ww1</ToUserName><MsgType>text</MsgType></xml>",
             "<xml><ToUserName>ww1</ToUserName><FromUserName>a</FromUserName></xml>",
             "<xml><ToUserName/><FromUserName>a</FromUserName><MsgType>text</MsgType></xml>",
             "<xml><ToUserName>ww1</ToUserName><FromUserName> </FromUserName>"
             "<MsgType>text</MsgType></xml>",
             "<xml/>",
         }) {
        CAPTURE(xml);
        CHECK(parse_inbound(xml).error() == CallbackError::missing_field);
    }
}

TEST_CASE("a message with an id that can't be one is refused") {
    for (const std::string_view from : {"@all", "a|b", "a:b", "a b", "&#1;x"}) {
        CAPTURE(from);
        const auto xml = "<xml><ToUserName>ww1</ToUserName><FromUserName>" + std::string(from) +
                         "</FromUserName><MsgType>text</MsgType></xml>";
        CHECK(parse_inbound(xml).error() == CallbackError::bad_identifier);
    }
    CHECK(parse_inbound("<xml><ToUserName>w:w</ToUserName><FromUserName>a</FromUserName>"
                        "<MsgType>text</MsgType></xml>")
              .error() == CallbackError::bad_identifier);
    CHECK(message_refusal("<AgentID>abc</AgentID>") == CallbackError::bad_identifier);
    CHECK(message_refusal("<AgentID>-1</AgentID>") == CallbackError::bad_identifier);
    CHECK(message_refusal("<MsgId>12a</MsgId>") == CallbackError::bad_identifier);
    CHECK(message_refusal("<MsgId>123456789012345678901</MsgId>") == CallbackError::bad_identifier);
}

TEST_CASE("a time that is not a number of seconds is refused") {
    for (const std::string_view time :
         {"now", "-1", "1.5", "99999999999999999999", "1 2", "9223372036854775807", "9000000001"}) {
        CAPTURE(time);
        const auto xml =
            "<xml><ToUserName>ww1</ToUserName><FromUserName>a</FromUserName><CreateTime>" +
            std::string(time) + "</CreateTime><MsgType>text</MsgType></xml>";
        CHECK(parse_inbound(xml).error() == CallbackError::bad_timestamp);
    }
}

TEST_CASE("what is not XML, or forbidden in it, is refused") {
    CHECK(parse_inbound("").error() == CallbackError::not_xml);
    CHECK(parse_inbound("hello").error() == CallbackError::not_xml);
    CHECK(parse_inbound("<xml><Content>\xff</Content></xml>").error() == CallbackError::not_xml);
    CHECK(parse_inbound("<!DOCTYPE xml><xml/>").error() == CallbackError::forbidden_xml);
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
