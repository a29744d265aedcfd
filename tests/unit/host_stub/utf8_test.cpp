#include "utf8.hpp"

#include <doctest/doctest.h>

using namespace hermes::host;

TEST_SUITE("host_stub/utf8") {
    TEST_CASE("valid text stays as it is") {
        const std::string text = "a\n\u00e9\u4f60\U0001F600\U0010FFFF";
        CHECK(to_valid_utf8(text) == text);
    }

    TEST_CASE("each byte that belongs to no character becomes a replacement character") {
        CHECK(to_valid_utf8("a\xff"
                            "b") == "a\uFFFDb");
        CHECK(to_valid_utf8("\xe4\xbd") == "\uFFFD\uFFFD");            // cut short
        CHECK(to_valid_utf8("\xc0\x80") == "\uFFFD\uFFFD");            // overlong
        CHECK(to_valid_utf8("\xe0\x80\x80") == "\uFFFD\uFFFD\uFFFD");  // overlong
        CHECK(to_valid_utf8("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");  // surrogate
        CHECK(to_valid_utf8("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    TEST_CASE("Chinese, Japanese and Korean are recognised") {
        for (const auto* text : {"hello 你好", "かな", "한국", "\U00020000"}) {
            CAPTURE(text);
            CHECK(has_cjk(text));
        }
        for (const auto* text : {"hello", "", "caf\u00e9 \U0001F600", "\xff\xfe"}) {
            CAPTURE(text);
            CHECK_FALSE(has_cjk(text));
        }
    }
}
