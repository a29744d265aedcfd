#include "durable/database/attempt_log.hpp"

#include <doctest/doctest.h>

namespace hermes::durable {
namespace {

TEST_SUITE("durable/attempt_log") {
    TEST_CASE("what was written is read, in order") {
        const auto log = entry_of({.began_at_ms = 1'700'000'000'123,
                                   .took_ms = 20'000,
                                   .failure = "45009: too many calls"}) +
                         entry_of({.began_at_ms = 1'700'000'090'000, .took_ms = 140});
        const auto attempts = read_attempts(log);
        REQUIRE(attempts.size() == 2);
        CHECK(attempts[0].began_at_ms == 1'700'000'000'123);
        CHECK(attempts[0].took_ms == 20'000);
        CHECK(attempts[0].failure == "45009: too many calls");
        CHECK(attempts[1].took_ms == 140);
        CHECK(attempts[1].failure.empty());
        CHECK(read_attempts("").empty());
    }

    TEST_CASE("a failure of many lines, or a long one, is a line of bounded length") {
        const auto attempts =
            read_attempts(entry_of({.began_at_ms = 1, .failure = "first\n2 2 second"}) +
                          entry_of({.began_at_ms = 2, .failure = std::string(5'000, 'x')}));
        REQUIRE(attempts.size() == 2);
        CHECK(attempts[0].failure == "first…");
        CHECK(attempts[1].failure.size() == failure_bytes_max);
    }

    TEST_CASE("what is no entry is left out, and the others are read") {
        const auto attempts = read_attempts("\n1\n 5 x\nx 1 2\n1 2 right\n3 4 cut off");
        REQUIRE(attempts.size() == 2);
        CHECK(attempts[0].failure == "right");
        CHECK(attempts[1].failure == "cut off");
    }
}

}  // namespace
}  // namespace hermes::durable
