#include "base/ascii.hpp"

#include <doctest/doctest.h>

#include <array>

namespace hermes::base {

TEST_SUITE("base/ascii") {
    TEST_CASE("white space is ASCII's, not the locale's") {
        CHECK(trim(" \t\r\n a b \n") == "a b");
        CHECK(trim(" \n ").empty());
        CHECK(trim("").empty());
        CHECK(trim("\v\xc2\xa0") == "\v\xc2\xa0");
    }

    TEST_CASE("letters beyond ASCII have no other case") {
        CHECK(lower("AZ[az]@\u00c9") == "az[az]@\u00c9");
        CHECK(equal_ignoring_case("Alice", "aLICE"));
        CHECK_FALSE(equal_ignoring_case("\u00c9", "\u00e9"));
        CHECK_FALSE(equal_ignoring_case("alice", "alic"));
    }

    TEST_CASE("a byte is two digits") {
        CHECK(hex(std::array<unsigned char, 3>{0x00, 0x9f, 0xff}) == "009fff");
        CHECK(hex({}).empty());
    }
}

}  // namespace hermes::base
