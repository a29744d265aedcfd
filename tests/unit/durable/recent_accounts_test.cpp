#include "durable/facts/recent_accounts.hpp"

#include <doctest/doctest.h>

namespace hermes::durable {
namespace {

constexpr auto most = static_cast<std::int64_t>(RecentAccounts::most);

TEST_SUITE("durable/recent_accounts") {
    TEST_CASE("nothing is known of an event that was not handed over") {
        RecentAccounts accounts;
        CHECK_FALSE(accounts.find(1));
        accounts.put(1, "ww1:1");
        CHECK_FALSE(accounts.find(2));
        CHECK_FALSE(accounts.find(0));
        CHECK_FALSE(accounts.find(-1));
        CHECK_FALSE(accounts.find(1 + most));
    }

    TEST_CASE("the last ones are known, and a later one displaces the oldest") {
        RecentAccounts accounts;
        for (std::int64_t seq = 1; seq <= most; ++seq) {
            accounts.put(seq, seq % 2 == 0 ? "even" : "odd");
        }
        CHECK(accounts.find(1) == "odd");
        CHECK(accounts.find(most) == "even");
        accounts.put(most + 1, "new");
        CHECK(accounts.find(most + 1) == "new");
        CHECK_FALSE(accounts.find(1));
        CHECK(accounts.find(2) == "even");
    }

    TEST_CASE("an event that is handed over again is known once more") {
        RecentAccounts accounts;
        accounts.put(7, "a");
        accounts.put(7 + most, "b");
        accounts.put(7, "a");
        CHECK(accounts.find(7) == "a");
        CHECK_FALSE(accounts.find(7 + most));
    }
}

}  // namespace
}  // namespace hermes::durable
