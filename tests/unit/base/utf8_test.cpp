#include "base/utf8.hpp"

#include <doctest/doctest.h>

namespace hermes::base {

TEST_SUITE("base/utf8") {
    TEST_CASE("UTF-8 is what RFC 3629 says it is") {
        for (const std::string_view text :
             {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
              "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "eight by",
              "nine byte", "seven..你好 and more than a word of ASCII 👨‍👩‍👧"}) {
            CAPTURE(text);
            CHECK(is_utf8(text));
        }
        for (const std::string_view text :
             {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x9f\xbf", "\xe0\xa0",
              "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
              "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff",
              "\xe4\xbd"
              "a",
              "12345678\x80", "1234567\xe4\xbd"}) {
            CAPTURE(text);
            CHECK_FALSE(is_utf8(text));
        }
    }

    TEST_CASE("a character is read from either of its ends") {
        const std::string_view text = "a\u00e9\u4f60\U0001F600";
        const std::int32_t values[] = {'a', 0xe9, 0x4f60, 0x1f600};
        std::size_t position = 0;
        for (const auto value : values) {
            const auto character = code_point_at(text, position);
            CHECK(character.value == value);
            position += character.bytes;
            CHECK(code_point_before(text, position).value == value);
            CHECK(code_point_before(text, position).bytes == character.bytes);
        }
        CHECK(position == text.size());
        CHECK(code_point_at(text, position).bytes == 0);
        CHECK(code_point_before(text, 0).bytes == 0);
    }

    TEST_CASE("every character is written as it is read, and what UTF-8 can't carry is not") {
        for (const std::uint32_t value :
             {0x0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff}) {
            CAPTURE(value);
            std::string text;
            CHECK(append_utf8(value, text));
            CHECK(is_utf8(text));
            CHECK(code_point_at(text, 0).value == static_cast<std::int32_t>(value));
            CHECK(code_point_at(text, 0).bytes == text.size());
        }
        for (const std::uint32_t value : {0xd800U, 0xdfffU, 0x110000U, 0xffffffffU}) {
            CAPTURE(value);
            std::string text = "a";
            CHECK_FALSE(append_utf8(value, text));
            CHECK(text == "a");
        }
    }

    TEST_CASE("a byte that belongs to no character stands alone, from either end") {
        for (const std::string_view text : {"\x80", "\xff", "\xe4\xbd", "\xed\xa0\x80"}) {
            CAPTURE(text);
            CHECK(code_point_at(text, 0).value == -1);
            CHECK(code_point_at(text, 0).bytes == 1);
            CHECK(code_point_before(text, text.size()).value == -1);
            CHECK(code_point_before(text, text.size()).bytes == 1);
        }
    }

    TEST_CASE("a text is cut between characters") {
        CHECK(utf8_prefix("a\u4f60", 4) == "a\u4f60");
        CHECK(utf8_prefix("a\u4f60", 3) == "a");
        CHECK(utf8_prefix("a\u4f60", 1) == "a");
        CHECK(utf8_prefix("\u4f60", 2).empty());
        CHECK(utf8_prefix("\x80\x80\x80\x80\x80\x80", 5).size() == 2);
    }

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
}

}  // namespace hermes::base
