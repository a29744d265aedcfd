#include "protocol/foreign_text.hpp"

#include <doctest/doctest.h>

#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/foreign_text");

TEST_CASE("a plain sentence stays as it is") {
    CHECK(clean_foreign_text("invalid agentid, hint: [163_818_44]") ==
          "invalid agentid, hint: [163_818_44]");
    CHECK(clean_foreign_text("不合法的 agentid") == "不合法的 agentid");
    CHECK(clean_foreign_text("").empty());
}

TEST_CASE("it becomes one line without controls, trimmed") {
    CHECK(clean_foreign_text("  a\r\nb\t\x1b[31mc\x7f ") == "a  b  [31mc");
    CHECK(clean_foreign_text(std::string_view("a\0b", 3)) == "a b");
    CHECK(clean_foreign_text(" \n ").empty());
}

TEST_CASE("what is not UTF-8 becomes spaces") {
    const auto cleaned = clean_foreign_text("bad \xff\xfe gateway \xb4\xed");
    CHECK(cleaned == "bad    gateway");
    CHECK(base::is_utf8(cleaned));
}

TEST_CASE("it ends at its limit without cutting a character") {
    CHECK(clean_foreign_text(std::string(30, 'a') + std::string(300, ' ') + "b").size() <=
          foreign_text_bytes_max + 3);
    std::string chinese;
    while (chinese.size() < 6000) {
        chinese += "你";
    }
    const auto cleaned = clean_foreign_text(chinese);
    CHECK(cleaned.size() == 198 + 3);
    CHECK(cleaned.ends_with("你..."));
    CHECK(base::is_utf8(cleaned));
}

TEST_CASE("whatever may be a secret is hidden") {
    const std::string secret(43, 'S');
    CHECK(clean_foreign_text("corpsecret=" + secret + ".") == "corpsecret=***.");
    CHECK(clean_foreign_text("what is " + secret + "?") == "what is ***?");
    CHECK(clean_foreign_text("\"access_token\": \"abcdEF-12_9\"") == "\"access_token\": \"***\"");
    CHECK(clean_foreign_text("ACCESS_TOKEN=abcdefgh") == "ACCESS_TOKEN=***");
    CHECK(clean_foreign_text("access_token expired") == "access_token expired");
}

TEST_CASE("a secret that the limit cuts is hidden too") {
    const std::string secret(300, 'S');
    for (std::size_t before = 150; before < 210; ++before) {
        const auto cleaned = clean_foreign_text(std::string(before, '.') + secret);
        CHECK(cleaned.find('S') == std::string::npos);
    }
    const auto far = clean_foreign_text(std::string(4090, ' ') + "token=" + secret);
    CHECK(far.find('S') == std::string::npos);
}

TEST_CASE("the address that WeCom names is found") {
    CHECK(caller_address("x, from ip: 1.2.3.4, more info") == "1.2.3.4");
    CHECK(caller_address("from ip: 1.2.3.4") == "1.2.3.4");
    CHECK(caller_address("from ip: 1.2.3.4.") == "1.2.3.4");
    CHECK(caller_address("from ip: ::ffff:1.2.3.4,") == "::ffff:1.2.3.4");
}

TEST_CASE("what is no address is not taken for one") {
    for (const std::string_view errmsg :
         {"", "1.2.3.4", "from ip: ", "from ip: x", "from ip: 1.2.3", "from ip: 1.2.3.400",
          "from ip: ....", "from ip: abc", "from ip: 1.2.3.4.5",
          "from ip: 11111111111111111111111111111111111111111111111111111111111111"}) {
        CAPTURE(errmsg);
        CHECK(caller_address(errmsg).empty());
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
