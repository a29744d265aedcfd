#include "simulator/wecom/member_message.hpp"

#include <doctest/doctest.h>

#include "fake_gateway.hpp"

namespace hermes::host::simulator {

namespace {

std::string inner(const MemberMessage& message) {
    const auto world = hermes::test::small_world(9);
    return format_inner_xml(*world.find_app("hr"), "lisi", message, 1700000000, 42);
}

const std::string head =
    "<xml><ToUserName><![CDATA[ww_a]]></ToUserName><FromUserName><![CDATA[lisi]]></FromUserName>"
    "<CreateTime>1700000000</CreateTime>";
const std::string tail = "<MsgId>42</MsgId><AgentID>1000002</AgentID></xml>";

}  // namespace

TEST_SUITE("simulator/member_message") {
    TEST_CASE("each kind of message becomes WeCom's XML") {
        CHECK(inner(text_message("hi")) == head +
                                               "<MsgType><![CDATA[text]]></MsgType>"
                                               "<Content><![CDATA[hi]]></Content>" +
                                               tail);
        CHECK(inner(image_message("m1", "http://127.0.0.1/p")) ==
              head +
                  "<MsgType><![CDATA[image]]></MsgType><PicUrl><![CDATA[http://127.0.0.1/p]]>"
                  "</PicUrl><MediaId><![CDATA[m1]]></MediaId>" +
                  tail);
        CHECK(inner(voice_message("m2", "amr")) ==
              head +
                  "<MsgType><![CDATA[voice]]></MsgType><MediaId><![CDATA[m2]]></MediaId>"
                  "<Format><![CDATA[amr]]></Format>" +
                  tail);
        CHECK(inner(location_message("23.1", "113.3", "广州塔")) ==
              head +
                  "<MsgType><![CDATA[location]]></MsgType><Location_X>23.1</Location_X>"
                  "<Location_Y>113.3</Location_Y><Scale>16</Scale><Label><![CDATA[广州塔]]></Label>"
                  "<AppType><![CDATA[wxwork]]></AppType>" +
                  tail);
        CHECK(inner(link_message("T", "D", "https://example.com")) ==
              head +
                  "<MsgType><![CDATA[link]]></MsgType><Title><![CDATA[T]]></Title>"
                  "<Description><![CDATA[D]]></Description><Url><![CDATA[https://example.com]]>"
                  "</Url><PicUrl><![CDATA[]]></PicUrl>" +
                  tail);
    }

    TEST_CASE("a file, a scan and a place from the menu become what others have seen of them") {
        CHECK(inner(file_message("m4", "a.pdf")) ==
              head +
                  "<MsgType><![CDATA[file]]></MsgType><MediaId><![CDATA[m4]]></MediaId>"
                  "<FileName><![CDATA[a.pdf]]></FileName>" +
                  tail);
        const std::string event_tail = "<AgentID>1000002</AgentID></xml>";
        CHECK(inner(scan_message("scancode_push", "k", "asset 4711")) ==
              head +
                  "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[scancode_push]]></Event>"
                  "<EventKey><![CDATA[k]]></EventKey><ScanCodeInfo>"
                  "<ScanType><![CDATA[qrcode]]></ScanType>"
                  "<ScanResult><![CDATA[asset 4711]]></ScanResult></ScanCodeInfo>" +
                  event_tail);
        CHECK(inner(chosen_place("k", "23.1", "113.3", "广州塔")) ==
              head +
                  "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[location_select]]></Event>"
                  "<EventKey><![CDATA[k]]></EventKey><SendLocationInfo>"
                  "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>16</Scale>"
                  "<Label><![CDATA[广州塔]]></Label><Poiname><![CDATA[]]></Poiname>"
                  "</SendLocationInfo><AppType><![CDATA[wxwork]]></AppType>" +
                  event_tail);
    }

    TEST_CASE("an event has no MsgId") {
        CHECK(inner(event_message("click", "approve")) ==
              head +
                  "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[click]]></Event>"
                  "<EventKey><![CDATA[approve]]></EventKey><AgentID>1000002</AgentID></xml>");
    }

    TEST_CASE("the end of a CDATA section inside a text is spread over two sections") {
        CHECK(inner(text_message("a]]>b]]>"))
                  .find("<Content><![CDATA[a]]]]><![CDATA[>b]]]]><![CDATA[>]]></Content>") !=
              std::string::npos);
    }

    TEST_CASE("a chat shows what is not text in one line") {
        CHECK(describe(text_message("hi")) == "hi");
        CHECK(describe(image_message("m", "u")) == "[image]");
        CHECK(describe(event_message("click", "approve")) == "[click: approve]");
        CHECK(describe(event_message("enter_agent")) == "[enter_agent]");
        CHECK(describe(location_message("1", "2", "here")) == "[location: here]");
        CHECK(describe(file_message("m", "a.pdf")) == "[file: a.pdf]");
        CHECK(describe(scan_message("scancode_push", "k", "4711")) == "[scancode_push: k]");
    }
}

}  // namespace hermes::host::simulator
