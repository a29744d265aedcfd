#include "durable/database/postgresql_array.hpp"

#include <doctest/doctest.h>

namespace hermes::durable {
namespace {

TEST_SUITE("durable/postgresql_array") {
    TEST_CASE("an array of numbers has commas between them") {
        PostgresqlArray array;
        CHECK(array.text() == "{}");
        array.add(17);
        CHECK(array.text() == "{17}");
        array.add(-9'000'000'000);
        CHECK(array.text() == "{17,-9000000000}");
    }

    TEST_CASE("each text is in quotes, and what would end it is marked") {
        PostgresqlArray array;
        array.add("");
        array.add("NULL");
        array.add(R"(a,"b" {\c})");
        CHECK(array.text() == R"({"","NULL","a,\"b\" {\\c}"})");
    }

    TEST_CASE("it begins anew when it was cleared") {
        PostgresqlArray array;
        array.add("a");
        array.clear();
        array.add("b");
        CHECK(array.text() == R"({"b"})");
    }
}

}  // namespace
}  // namespace hermes::durable
