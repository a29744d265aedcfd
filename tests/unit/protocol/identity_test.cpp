#include "protocol/identity.hpp"

#include <doctest/doctest.h>

#include <array>
#include <type_traits>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/identity");

// An id exists only if it was parsed, and one kind is never taken for another.
static_assert(!std::is_default_constructible_v<UserId>);
static_assert(!std::is_constructible_v<UserId, std::string>);
static_assert(!std::is_constructible_v<CorpId, UserId>);

constexpr std::array no_id_at_all{
    "", " ", "a b", "a|b", "a,b", "a:b", "|", "\t", "a\n", "a\x01", "a\x7f", "\x1b[31m",
};

TEST_CASE("a corp id is printable ASCII") {
    CHECK(CorpId::parse("ww1234567890abcdef").value().str() == "ww1234567890abcdef");
    CHECK(CorpId::parse("wx5823bf96d3bd56c7").has_value());
    CHECK(CorpId::parse("ww_corp_a").has_value());
    CHECK(CorpId::parse(std::string(64, 'w')).has_value());
    CHECK_FALSE(CorpId::parse(std::string(65, 'w')).has_value());
    CHECK_FALSE(CorpId::parse("企业").has_value());
    for (const std::string_view text : no_id_at_all) {
        CAPTURE(text);
        CHECK(CorpId::parse(text).error() == CallbackError::bad_identifier);
    }
}

TEST_CASE("a member's id is kept as it is written") {
    for (const std::string_view text :
         {"zhangsan", "ZhangSan", "li.si-2_x", "alice@example.com", "0", "张三", "a@all", "sys"}) {
        CAPTURE(text);
        CHECK(UserId::parse(text).value().str() == text);
    }
    CHECK(UserId::parse(std::string(64, 'u')).has_value());
    CHECK_FALSE(UserId::parse(std::string(65, 'u')).has_value());
}

TEST_CASE("nothing that would reach more than one member can be a member's id") {
    for (const std::string_view text :
         {"@all", "@ALL", "@", "@x", "alice|bob", "alice|@all", "|"}) {
        CAPTURE(text);
        CHECK(UserId::parse(text).error() == CallbackError::bad_identifier);
    }
    for (const std::string_view text : no_id_at_all) {
        CAPTURE(text);
        CHECK(UserId::parse(text).error() == CallbackError::bad_identifier);
    }
    CHECK_FALSE(UserId::parse(std::string_view("a\0b", 3)).has_value());
}

TEST_CASE("a member's id that is not UTF-8, or hides a terminal control, is refused") {
    for (const std::string_view text : {"\xff", "a\x80", "\xc0\xaf", "\xed\xa0\x80", "\xe5\xbc",
                                        "x\xc2\x9b"
                                        "31m",
                                        "\xc2\x80"}) {
        CAPTURE(text);
        CHECK(UserId::parse(text).error() == CallbackError::bad_identifier);
    }
    CHECK(UserId::parse("\xc2\xa9").has_value());
}

TEST_CASE("ids differ in case only as text, not when folded") {
    const auto upper = UserId::parse("ZhangSan@Ä").value();
    const auto lower = UserId::parse("zhangsan@Ä").value();
    CHECK(upper != lower);
    CHECK(upper.folded() == lower.folded());
}

TEST_CASE("an agent id is a positive number in its only spelling") {
    CHECK(AgentId::parse("1").value().number() == 1);
    CHECK(AgentId::parse("1000002").value().number() == 1000002);
    CHECK(AgentId::parse("2147483647").value().number() == 2147483647);
    for (const std::string_view text : {"", "0", "-1", "+1", "01", " 1", "1 ", "1a", "abc", "0x1",
                                        "1.0", "2147483648", "99999999999999999999"}) {
        CAPTURE(text);
        CHECK(AgentId::parse(text).error() == CallbackError::bad_identifier);
    }
}

TEST_CASE("a chat is a corp and a member") {
    const auto one = ChatAddress::parse("ww_corp_a:alice").value();
    const auto other = ChatAddress::parse("ww_corp_b:alice").value();
    CHECK(one.corp.str() == "ww_corp_a");
    CHECK(one.user.str() == "alice");
    CHECK(one.str() == "ww_corp_a:alice");
    CHECK(one != other);
}

TEST_CASE("what is not exactly one corp and one member is no chat") {
    for (const std::string_view text :
         {"", "alice", ":", "ww1:", ":alice", "ww1:alice:", "ww1:a:b", "ww1::a", "ww1:@all",
          "ww1:a|b", "ww1: alice", "w w:alice"}) {
        CAPTURE(text);
        CHECK(ChatAddress::parse(text).error() == CallbackError::bad_identifier);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
