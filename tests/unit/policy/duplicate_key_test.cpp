#include "policy/duplicate_key.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "unit/policy/signed_callback.hpp"

using hermes::test::agent;
using hermes::test::callback_app;
using hermes::test::event_xml;
using hermes::test::text_xml;
using hermes::wecom::duplicate_key;
using hermes::wecom::InboundMessage;
using hermes::wecom::parse_inbound;

namespace {

const auto app = callback_app("hr", "ww1", "1000002", "token");
const auto other_app = callback_app("it", "ww1", "1000003", "token");
const auto other_corp = callback_app("sales", "ww2", "1000002", "token");

std::string key_of(const std::string& xml, const hermes::wecom::App& heard_by = app) {
    return duplicate_key(parse_inbound(xml).value(), heard_by.agent);
}

bool is_storable(const std::string& key) {
    return key.size() <= 256 &&
           std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

TEST_SUITE("policy/duplicate_key") {
    TEST_CASE("the same callback has the same key") {
        CHECK(key_of(text_xml(app, "zhangsan", "hello")) ==
              key_of(text_xml(app, "zhangsan", "hello")));
        CHECK(key_of(event_xml(app, "zhangsan", "click", "menu")) ==
              key_of(event_xml(app, "ZhangSan", "CLICK", "menu")));
    }

    TEST_CASE("a message is known by its MsgId") {
        CHECK(key_of(text_xml(app, "zhangsan", "hello", "77")) == "ww1/1000002/id/77");
        CHECK(key_of(text_xml(app, "zhangsan", "hello", "1")) !=
              key_of(text_xml(app, "zhangsan", "hello", "2")));
    }

    TEST_CASE("the same MsgId in two corps is two messages") {
        CHECK(key_of(text_xml(app, "alice", "hello", "5")) !=
              key_of(text_xml(other_corp, "alice", "hello", "5"), other_corp));
    }

    TEST_CASE("the same MsgId in two apps of one corp is two messages") {
        CHECK(key_of(text_xml(app, "alice", "hello", "5")) !=
              key_of(text_xml(other_app, "alice", "hello", "5"), other_app));
    }

    TEST_CASE("the same button of two cards, and two presses of one button, are two events") {
        const auto press = [](const std::string& task, const std::string& code) {
            return key_of(hermes::test::inner_xml(
                app, "zhangsan", "event",
                "<Event>template_card_event</Event><EventKey>yes</EventKey><TaskId>" + task +
                    "</TaskId><ResponseCode>" + code + "</ResponseCode>"));
        };
        CHECK(press("t1", "r1") == press("t1", "r1"));
        CHECK(press("t1", "r1") != press("t2", "r1"));
        CHECK(press("t1", "r1") != press("t1", "r2"));
        CHECK(is_storable(press("t1", std::string(400, 'r'))));
    }

    TEST_CASE("two clicks in one second on different entries are two events") {
        CHECK(key_of(event_xml(app, "zhangsan", "click", "menu_a")) !=
              key_of(event_xml(app, "zhangsan", "click", "menu_b")));
    }

    TEST_CASE("events of two members or of two types differ") {
        CHECK(key_of(event_xml(app, "zhangsan", "click", "a")) !=
              key_of(event_xml(app, "lisi", "click", "a")));
        CHECK(key_of(event_xml(app, "zhangsan", "click", "a")) !=
              key_of(event_xml(app, "zhangsan", "view", "a")));
    }

    TEST_CASE("parts cannot be shifted into each other") {
        CHECK(key_of(event_xml(app, "zhangsan", "click,1.x", "")) !=
              key_of(event_xml(app, "zhangsan", "click", "x")));
    }

    TEST_CASE("a key stays printable and below 256 bytes whatever comes") {
        const std::string long_corp(64, 'c');
        const auto wide = callback_app("wide", long_corp, "2147483647", "token");
        const auto long_key = event_xml(wide, "zhangsan", "click", std::string(5000, 'k'));
        const auto chinese = event_xml(wide, "张三", "click", "菜单 一\n");
        CHECK(is_storable(key_of(long_key, wide)));
        CHECK(is_storable(key_of(chinese, wide)));
        CHECK(
            is_storable(key_of(event_xml(wide, "zhangsan", "click", std::string(120, 'k')), wide)));
    }

    TEST_CASE("two long event keys that differ at their ends have two keys") {
        const std::string common(5000, 'k');
        CHECK(key_of(event_xml(app, "zhangsan", "click", common + 'a')) !=
              key_of(event_xml(app, "zhangsan", "click", common + 'b')));
    }
}
