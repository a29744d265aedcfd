#include "base/random_hex.hpp"

#include <doctest/doctest.h>

#include <set>

using hermes::base::random_hex;

TEST_SUITE("base/random_hex") {
    TEST_CASE("a name is two digits a byte, and never the one before") {
        std::set<std::string> names;
        for (int i = 0; i < 100; ++i) {
            const auto name = random_hex(16);
            CHECK(name.size() == 32);
            CHECK(name.find_first_not_of("0123456789abcdef") == std::string::npos);
            names.insert(name);
        }
        CHECK(names.size() == 100);
        CHECK(random_hex(0).empty());
    }
}
