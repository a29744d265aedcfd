#include "base/fnv1a.hpp"

#include <doctest/doctest.h>

using hermes::base::fnv1a;

// The fingerprints in the outbox and the locks in PostgreSQL are made of it.
TEST_CASE("FNV-1a gives the values that its authors publish") {
    CHECK(fnv1a<std::uint32_t>("") == 0x811c9dc5U);
    CHECK(fnv1a<std::uint32_t>("a") == 0xe40c292cU);
    CHECK(fnv1a<std::uint32_t>("foobar") == 0xbf9cf968U);
    CHECK(fnv1a<std::uint64_t>("") == 0xcbf29ce484222325U);
    CHECK(fnv1a<std::uint64_t>("a") == 0xaf63dc4c8601ec8cU);
    CHECK(fnv1a<std::uint64_t>("foobar") == 0x85944171f73967e8U);
}
