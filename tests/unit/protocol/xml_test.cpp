#include "protocol/xml.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/callback_xml.hpp"
#include "support/repeated.hpp"

namespace hermes::wecom {
namespace {

using test::repeated;
using test::xml_cdata;

TEST_SUITE_BEGIN("protocol/xml");

boost::system::error_code xml_refusal(std::string_view document) {
    return XmlFields::parse(document).error();
}

std::string text_of(std::string_view document) {
    return std::string(XmlFields::parse(document).value().get("T"));
}

bool has(const XmlFields& fields, std::string_view path) {
    return std::ranges::any_of(fields.all(), [&](const auto& leaf) { return leaf.first == path; });
}

TEST_CASE("leaves come in document order, by their path below the root") {
    const auto fields =
        XmlFields::parse(
            "<xml><A>1</A><B><C>2</C><D><E><![CDATA[3]]></E></D></B><A>4</A><F/></xml>")
            .value();
    const std::vector<std::pair<std::string, std::string>> expected{
        {"A", "1"}, {"B/C", "2"}, {"B/D/E", "3"}, {"A", "4"}, {"F", ""}};
    CHECK((fields.all() == expected));
    CHECK(fields.get("A") == "1");
    CHECK(fields.get("B/D/E") == "3");
    CHECK(has(fields, "F"));
    CHECK_FALSE(has(fields, "B"));
    CHECK_FALSE(has(fields, "C"));
    CHECK(fields.get("nothing").empty());
}

TEST_CASE("text is put together from all of its pieces") {
    CHECK(text_of("<xml><T>a<![CDATA[<b>]]>c<!-- no --><![CDATA[&amp;]]></T></xml>") ==
          "a<b>c&amp;");
    CHECK(text_of("<xml><T> a b\n</T></xml>") == " a b\n");
    CHECK(text_of("<xml><T><![CDATA[ a ]]></T></xml>") == " a ");
}

TEST_CASE("white space alone between tags, sections and comments says nothing") {
    CHECK(text_of("<xml>\n  <T>\n\t<![CDATA[a]]>\n</T>\n</xml>\n") == "a");
    CHECK(text_of("<xml><T> </T></xml>").empty());
    CHECK(text_of("<xml><T>a<!-- --> <!-- -->b</T></xml>") == "ab");
    CHECK(text_of("<xml><T>a <![CDATA[b]]> c</T></xml>") == "a b c");
    CHECK(text_of("<xml><T>&#32;</T></xml>") == " ");
}

TEST_CASE("text beside elements belongs to no leaf") {
    const auto fields =
        XmlFields::parse("<xml>x<A>x<B>1</B>x<C>2</C>x</A><![CDATA[x]]><D>3</D></xml>").value();
    const std::vector<std::pair<std::string, std::string>> expected{
        {"A/B", "1"}, {"A/C", "2"}, {"D", "3"}};
    CHECK((fields.all() == expected));
}

TEST_CASE("an element ends by its own name") {
    for (const std::string_view document : {"<xml><T>x</Tt></xml>", "<xml><Tt>x</T></xml>",
                                            "<xml><T>x</></xml>", "<xml><T>x</xml>"}) {
        CAPTURE(document);
        CHECK(xml_refusal(document) == CallbackError::not_xml);
    }
}

TEST_CASE("predefined entities and character references are resolved outside of CDATA alone") {
    CHECK(text_of("<xml><T>&lt;&gt;&amp;&quot;&apos;</T></xml>") == "<>&\"'");
    CHECK(text_of("<xml><T>&#65;&#x42;&#x4f60;&#x1F600;</T></xml>") == "AB你😀");
    CHECK(text_of("<xml><T>&amp;lt;</T></xml>") == "&lt;");
    CHECK(text_of("<xml><T><![CDATA[&lt;&#0;&nbsp;&]]></T></xml>") == "&lt;&#0;&nbsp;&");
}

TEST_CASE("control characters that a member managed to write are kept") {
    CHECK(text_of("<xml><T><![CDATA[a\x01\x1f\x7f]]></T></xml>") == "a\x01\x1f\x7f");
}

TEST_CASE("attributes, comments and a declaration are read over") {
    CHECK(text_of("<?xml version='1.0'?><!-- > --><xml a='1' b = \"'>\"><T c='&amp;'>x</T>"
                  "</xml><!-- end -->\n") == "x");
    CHECK(text_of("<xml ><T\n>x</T\t></xml >") == "x");
    CHECK(has(XmlFields::parse("<xml><T a='1' /></xml>").value(), "T"));
}

TEST_CASE("CDATA that contains its own end is written as two sections and reads back") {
    CHECK(xml_cdata("a") == "<![CDATA[a]]>");
    CHECK(xml_cdata("") == "<![CDATA[]]>");
    CHECK(xml_cdata("a]]>b") == "<![CDATA[a]]]]><![CDATA[>b]]>");
    for (const std::string_view text :
         {"]]>", "]]>]]>", "]]", "]", ">", "]]]]>>", "<![CDATA[x]]>", "]]>&lt;", "你]]>好"}) {
        CAPTURE(text);
        CHECK(text_of("<xml><T>" + xml_cdata(text) + "</T></xml>") == text);
    }
}

TEST_CASE("a text of 2048 bytes full of CDATA ends is within the limits") {
    const auto text = repeated("]]>", 2048 / 3);
    CHECK(text_of("<xml><T>" + xml_cdata(text) + "</T></xml>") == text);
}

TEST_CASE("document types, entities and processing instructions are forbidden wherever they are") {
    for (const std::string_view document : {
             "<!DOCTYPE xml><xml/>",
             "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><T>&a;</T></xml>",
             "<!doctype xml><xml/>",
             "<xml><!DOCTYPE x><T/></xml>",
             "<xml><!ENTITY a \"b\"></xml>",
             "<xml><!ELEMENT T ANY></xml>",
             "<xml><![IGNORE[x]]></xml>",
             "<xml><![cdata[x]]></xml>",
             "<xml><!x></xml>",
             "<xml><!-x--></xml>",
             "<?php echo 1 ?><xml/>",
             "<?xml-stylesheet href='x'?><xml/>",
             "<xml><?xml version='1.0'?></xml>",
             " <?xml version='1.0'?><xml/>",
             "<?xml version='1.0'?><?xml version='1.0'?><xml/>",
             "<xml><T><?pi?></T></xml>",
         }) {
        CAPTURE(document);
        CHECK(xml_refusal(document) == CallbackError::forbidden_xml);
    }
}

TEST_CASE("what is not well-formed is refused") {
    for (const std::string_view document : {
             "",
             " \n",
             "text",
             "text<xml/>",
             "<xml/>text",
             "<xml/><xml/>",
             "<xml/><![CDATA[x]]>",
             "<![CDATA[x]]>",
             "<!-- only -->",
             "<?xml version='1.0'?>",

             "<?xml ",
             "<",
             "<xml",
             "<xml>",
             "<xml><T>",
             "<xml></T>",
             "</xml>",
             "<xml></xml></xml>",
             "<xml><T></xml></T>",
             "<xml><T></t></xml>",
             "<xml></xml",
             "<xml></>",
             "<xml></ xml>",
             "< xml></xml>",
             "<>",
             "<xml/ >",
             "<xml/",
             "<1/>",
             "<-a/>",
             "<a<b/>",
             "<a\"b/>",
             "<a=\"b\"/>",
             "<a b/>",
             "<a b=/>",
             "<a b=c/>",
             "<a b='c/>",
             "<a b=\"c'/>",
             "<a b='<'/>",
             "<a 'b'='c'/>",
             "<a \"=\"x\"/>",
             "<a =''/>",
             "<xml><![CDATA[x</xml>",
             "<xml><!-- x</xml>",
             "<xml>]]&gt</xml>",
         }) {
        CAPTURE(document);
        CHECK(xml_refusal(document) == CallbackError::not_xml);
    }
}

TEST_CASE("a quote in a name can't hide the elements that follow from the depth limit") {
    CHECK(xml_refusal("<a\">" + repeated("<b>", 100'000) + "\">") == CallbackError::not_xml);
    CHECK(xml_refusal("<a=\">" + repeated("<b>", 100'000) + "\">") == CallbackError::not_xml);
}

TEST_CASE("references that name no character are refused, in text and in attributes") {
    for (const std::string_view reference : {"&",
                                             "&;",
                                             "&amp",
                                             "& amp;",
                                             "&nbsp;",
                                             "&AMP;",
                                             "&#;",
                                             "&#x;",
                                             "&#0;",
                                             "&#x0;",
                                             "&#-1;",
                                             "&#+1;",
                                             "&# 1;",
                                             "&#1a;",
                                             "&#xg;",
                                             "&#xD800;",
                                             "&#xDFFF;",
                                             "&#x110000;",
                                             "&#1114112;",
                                             "&#x100000041;",
                                             "&#x10000000000000041;",
                                             "&#99999999999999999999;",
                                             "&#X41;"}) {
        CAPTURE(reference);
        CHECK(xml_refusal("<xml><T>" + std::string(reference) + "</T></xml>") ==
              CallbackError::not_xml);
        CHECK(xml_refusal("<xml a='" + std::string(reference) + "'/>") == CallbackError::not_xml);
    }
}

TEST_CASE("NUL and what is not UTF-8 are refused wherever they are") {
    using namespace std::string_view_literals;
    for (const std::string_view document :
         {"<xml><T>a\0b</T></xml>"sv, "<xml/>\0"sv, "\0<xml/>"sv, "<xml><![CDATA[\0]]></xml>"sv,
          "<xml><T>\xff</T></xml>"sv, "<xml><![CDATA[\xed\xa0\x80]]></xml>"sv,
          "<xml><\xc0\xaf/></xml>"sv, "<!-- \x80 --><xml/>"sv}) {
        CHECK(xml_refusal(document) == CallbackError::not_xml);
    }
}

TEST_CASE("elements nest as deep as the limit and no deeper") {
    const auto nested = [](std::size_t depth) {
        return repeated("<a>", depth) + repeated("</a>", depth);
    };
    CHECK(XmlFields::parse(nested(xml_depth_max)).has_value());
    CHECK(xml_refusal(nested(xml_depth_max + 1)) == CallbackError::forbidden_xml);
    CHECK(xml_refusal(repeated("<a>", xml_bytes_max / 3)) == CallbackError::forbidden_xml);
}

// A leaf's path repeats the names around it, so a long one would be kept for every leaf inside.
TEST_CASE("names are as long as the limit and no longer") {
    const auto around_many = [](std::size_t bytes) {
        const std::string name(bytes, 'n');
        return "<xml><" + name + ">" + repeated("<a/>", 1000) + "</" + name + "></xml>";
    };
    const auto fields = XmlFields::parse(around_many(xml_name_bytes_max)).value();
    CHECK(fields.all().back().first == std::string(xml_name_bytes_max, 'n') + "/a");
    CHECK(xml_refusal(around_many(xml_name_bytes_max + 1)) == CallbackError::forbidden_xml);
    CHECK(xml_refusal(around_many(xml_bytes_max / 3)) == CallbackError::forbidden_xml);
}

TEST_CASE("elements are as many as the limit and no more") {
    const auto wide = [](std::size_t elements) {
        return "<xml>" + repeated("<a/>", elements - 1) + "</xml>";
    };
    CHECK(XmlFields::parse(wide(xml_elements_max)).has_value());
    CHECK(xml_refusal(wide(xml_elements_max + 1)) == CallbackError::forbidden_xml);
}

TEST_CASE("sections, comments and attributes are as many as the limit and no more") {
    CHECK(XmlFields::parse("<xml>" + repeated("<![CDATA[]]>", xml_markups_max - 2) + "</xml>")
              .has_value());
    CHECK(xml_refusal("<xml>" + repeated("<![CDATA[]]>", xml_markups_max) + "</xml>") ==
          CallbackError::forbidden_xml);
    CHECK(xml_refusal(repeated("<!---->", xml_markups_max + 1) + "<xml/>") ==
          CallbackError::forbidden_xml);
    CHECK(xml_refusal("<xml " + repeated("a='' ", xml_markups_max) + "/>") ==
          CallbackError::forbidden_xml);
}

TEST_CASE("a document is as long as the limit and no longer") {
    const std::string frame = "<xml><T></T></xml>";
    const auto sized = [&](std::size_t size) {
        return "<xml><T>" + std::string(size - frame.size(), 'x') + "</T></xml>";
    };
    CHECK(XmlFields::parse(sized(xml_bytes_max)).has_value());
    CHECK(xml_refusal(sized(xml_bytes_max + 1)) == CallbackError::forbidden_xml);
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
