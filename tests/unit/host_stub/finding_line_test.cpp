#include "output/finding_line.hpp"

#include <doctest/doctest.h>

using namespace hermes::host;
using hermes::Finding;

TEST_SUITE("host_stub/finding_line") {
    TEST_CASE("a finding is a line, with what failed in capitals") {
        CHECK(finding_line({Finding::Verdict::ok, "clock", "agrees"}, {}) ==
              "ok       clock: agrees");
        CHECK(finding_line({Finding::Verdict::failed, "agent", "no\nprogram"}, {}) ==
              "FAILED   agent: no program");
    }

    TEST_CASE("in Chinese the columns stand where they stand in English") {
        static constexpr hermes::Translation few[] = {{"FAILED", "失败"}, {"clock", "时钟"}};
        Translator words;
        words.add(few);
        CHECK(finding_line({Finding::Verdict::failed, "clock", "late"}, words) ==
              "失败     时钟: late");
    }

    TEST_CASE("as JSON it is an object, and is read back") {
        for (const auto verdict : {Finding::Verdict::ok, Finding::Verdict::skipped,
                                   Finding::Verdict::warning, Finding::Verdict::failed}) {
            const auto json = finding_json({verdict, "app \"hr\"", "a\nb"});
            const auto read = finding_of_json(json);
            REQUIRE(read);
            CHECK(read->verdict == verdict);
            CHECK(read->subject == "app \"hr\"");
            CHECK(read->sentence == "a b");
        }
        CHECK(finding_json({Finding::Verdict::failed, "clock", "late"}) ==
              R"({"verdict":"failed","subject":"clock","sentence":"late"})");
    }

    TEST_CASE("what is no finding is none") {
        for (const auto* line : {"", "{", "[]", "{}", "null", R"({"verdict":"ok"})",
                                 R"({"verdict":"fine","subject":"a","sentence":"b"})",
                                 R"({"verdict":1,"subject":"a","sentence":"b"})",
                                 R"({"verdict":"ok","subject":2,"sentence":"b"})"}) {
            CHECK_FALSE(finding_of_json(line));
        }
    }
}
