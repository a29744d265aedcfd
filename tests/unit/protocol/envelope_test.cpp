#include "protocol/envelope.hpp"

#include <doctest/doctest.h>

#include "support/callback_xml.hpp"

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/envelope");

constexpr std::string_view documented =
    "<xml><ToUserName><![CDATA[ww1234567890]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>"
    "<Encrypt><![CDATA[QUJD]]></Encrypt></xml>";

void check_documented(std::string_view body) {
    CAPTURE(body);
    const auto envelope = parse_envelope(body).value();
    CHECK(envelope.to_user_name == "ww1234567890");
    CHECK(envelope.agent_id == "1000002");
    CHECK(envelope.encrypt == "QUJD");
}

TEST_CASE("the documented envelope is read") {
    check_documented(documented);
}

TEST_CASE("the order of elements, plain text, white space and further elements do not matter") {
    check_documented(
        "<xml>\n <Encrypt>QUJD</Encrypt>\n <New><Deep>x</Deep></New>"
        " <AgentID>1000002</AgentID>\n <ToUserName>ww1234567890</ToUserName>\n</xml>\n");
}

TEST_CASE("white space around Encrypt is no part of it") {
    check_documented(
        "<xml><ToUserName> ww1234567890 </ToUserName><AgentID>\n1000002\n</AgentID>"
        "<Encrypt>\r\n\t QUJD \n</Encrypt></xml>");
    check_documented(
        "<xml><ToUserName>ww1234567890</ToUserName><AgentID>1000002</AgentID>"
        "<Encrypt>\n<![CDATA[ QUJD\n]]>\n</Encrypt></xml>");
}

TEST_CASE("a byte order mark and an XML declaration are accepted") {
    const std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    check_documented("\xef\xbb\xbf" + std::string(documented));
    check_documented(declaration + std::string(documented));
    check_documented("\xef\xbb\xbf" + declaration + std::string(documented));
}

TEST_CASE("an absent agent id is empty") {
    CHECK(parse_envelope("<xml><Encrypt>QUJD</Encrypt></xml>").value().agent_id.empty());
    CHECK(parse_envelope("<xml><AgentID/><Encrypt>QUJD</Encrypt></xml>").value().agent_id.empty());
}

TEST_CASE("the first of two Encrypt elements counts") {
    CHECK(parse_envelope("<xml><Encrypt>A</Encrypt><Encrypt>B</Encrypt></xml>").value().encrypt ==
          "A");
}

TEST_CASE("an envelope without Encrypt is refused") {
    for (const std::string_view body :
         {"<xml/>", "<xml></xml>", "<xml><Encrypt/></xml>", "<xml><Encrypt></Encrypt></xml>",
          "<xml><Encrypt> \n </Encrypt></xml>", "<xml><encrypt>A</encrypt></xml>",
          "<xml><A><Encrypt>A</Encrypt></A></xml>", "<Encrypt>A</Encrypt>",
          "<html><body>hello</body></html>"}) {
        CAPTURE(body);
        CHECK(parse_envelope(body).error() == CallbackError::no_encrypt);
    }
}

TEST_CASE("what is not XML is refused") {
    for (const std::string_view body :
         {"", " ", "hello", "{\"Encrypt\":\"A\"}", "Encrypt=A", "<xml>",
          "<xml><Encrypt>A</Encrypt>", "<xml><Encrypt>A</xml>", "<xml><Encrypt>A</Encrypt></xml",
          "\xef\xbb\xbf", "<"}) {
        CAPTURE(body);
        CHECK(parse_envelope(body).error() == CallbackError::not_xml);
    }
}

TEST_CASE("a body that is not UTF-8 is refused and no crash") {
    CHECK(parse_envelope("<xml><Encrypt>\xff</Encrypt></xml>").error() == CallbackError::not_xml);
    const std::string utf_16("\xff\xfe<\0x\0m\0l\0>\0", 12);
    CHECK(parse_envelope(utf_16).error() == CallbackError::not_xml);
}

TEST_CASE("a document type in the envelope is refused") {
    CHECK(parse_envelope("<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
                         "<xml><Encrypt>&e;</Encrypt></xml>")
              .error() == CallbackError::forbidden_xml);
}

TEST_CASE("a formatted envelope is the documented one and reads back as it was") {
    CHECK(test::format_envelope(
              {.to_user_name = "ww1234567890", .agent_id = "1000002", .encrypt = "QUJD"}) ==
          documented);
    const auto again =
        parse_envelope(
            test::format_envelope({.to_user_name = "a]]>b", .agent_id = "", .encrypt = "Q"}))
            .value();
    CHECK(again.to_user_name == "a]]>b");
    CHECK(again.agent_id.empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
