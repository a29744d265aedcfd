#include "protocol/media_range.hpp"

#include <doctest/doctest.h>

using namespace hermes::wecom;

TEST_SUITE("protocol/media range") {
    TEST_CASE("a piece is asked for up to the most that WeCom gives, and to the end at most") {
        CHECK(media_range(0, 0) == "bytes=0-16777215");
        CHECK(media_range(16'777'216, 40'000'000) == "bytes=16777216-33554431");
        CHECK(media_range(33'554'432, 40'000'000) == "bytes=33554432-39999999");
        CHECK(media_range_bytes % 16 == 0);
    }

    TEST_CASE("a reply says which piece it is, and of how much") {
        const auto range = parse_media_range(" bytes 16-99/200 ");
        REQUIRE(range);
        CHECK(range->begin == 16);
        CHECK(range->end == 100);
        CHECK(range->total == 200);
    }

    TEST_CASE("what is no such thing is none") {
        for (const auto* text :
             {"", "bytes", "bytes 0-99/*", "bytes */200", "bytes 5-4/200", "bytes 0-200/200",
              "bytes 0-99/200, x", "lines 0-99/200", "bytes -99/200", "bytes 0-/200",
              "bytes 0-99999999999999999999/200"}) {
            CAPTURE(text);
            CHECK_FALSE(parse_media_range(text));
        }
    }
}
