#include "durable/database/preview.hpp"

#include <doctest/doctest.h>

#include "base/utf8.hpp"

using hermes::durable::preview_bytes_max;
using hermes::durable::preview_of;

TEST_SUITE("durable/preview") {
    TEST_CASE("a short line is its own preview") {
        CHECK(preview_of("done: 3 files") == "done: 3 files");
        CHECK(preview_of("done\n\n") == "done");
    }

    TEST_CASE("of several lines the first that says anything is shown") {
        CHECK(preview_of("\n  \r\nfirst\r\nsecond") == "first…");
    }

    TEST_CASE("a long line is cut between characters") {
        std::string text = "x";
        for (int i = 0; i < 100; ++i) {
            text += "你";
        }
        const auto preview = preview_of(text);
        CHECK(preview.size() <= preview_bytes_max);
        CHECK(preview.ends_with("你…"));
        CHECK(hermes::base::is_utf8(preview));
    }

    TEST_CASE("what is blank has no preview") {
        CHECK(preview_of("").empty());
        CHECK(preview_of(" \n\t").empty());
    }
}
