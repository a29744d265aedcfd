#include "policy/access.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

#include "unit/policy/signed_callback.hpp"

using hermes::test::corp;
using hermes::test::user;
using hermes::wecom::Access;

namespace {

Access access_for(const std::vector<std::string>& entries) {
    return std::get<Access>(Access::from_entries(entries, corp("ww1")));
}

std::size_t first_bad_entry(const std::vector<std::string>& entries) {
    return std::get<std::size_t>(Access::from_entries(entries, corp("ww1")));
}

}  // namespace

TEST_SUITE("policy/access") {
    TEST_CASE("a bare user id admits that member of the app's corp") {
        const auto access = access_for({"zhangsan", "lisi"});
        CHECK(access.admits(user("zhangsan")));
        CHECK(access.admits(user("lisi")));
        CHECK_FALSE(access.admits(user("wangwu")));
    }

    TEST_CASE("a scoped entry admits that member") {
        CHECK(access_for({"ww1:zhangsan"}).admits(user("zhangsan")));
    }

    TEST_CASE("corp:* admits everybody of that corp") {
        CHECK(access_for({"ww1:*"}).admits(user("anyone")));
    }

    TEST_CASE("ids compare without regard to case, as WeCom's are unique that way") {
        CHECK(access_for({"ZhangSan"}).admits(user("zhangsan")));
        CHECK(access_for({"WW1:zhangsan"}).admits(user("ZHANGSAN")));
    }

    TEST_CASE("nobody is admitted without an entry, and everybody by everybody()") {
        CHECK(Access::nobody().admits_nobody());
        CHECK_FALSE(Access::nobody().admits(user("zhangsan")));
        CHECK(access_for({}).admits_nobody());
        CHECK(Access::everybody().admits(user("zhangsan")));
        CHECK_FALSE(Access::everybody().admits_nobody());
    }

    TEST_CASE("an entry for one corp cannot admit the same id of another corp") {
        const auto access = access_for({"ww2:alice", "ww2:*"});
        CHECK_FALSE(access.admits(user("alice")));
        CHECK(access.admits_nobody());
    }

    TEST_CASE("an entry alice cannot admit alice@anything") {
        const auto access = access_for({"alice"});
        CHECK_FALSE(access.admits(user("alice@example.com")));
        CHECK_FALSE(access.admits(user("alice.b")));
        CHECK_FALSE(access.admits(user("al")));
    }

    TEST_CASE("an entry that is none is reported by its place") {
        CHECK(first_bad_entry({"zhangsan", "a|b"}) == 1);
        CHECK(first_bad_entry({"*"}) == 0);
        CHECK(first_bad_entry({"ww1:"}) == 0);
        CHECK(first_bad_entry({":zhangsan"}) == 0);
        CHECK(first_bad_entry({"ww1:a:b"}) == 0);
        CHECK(first_bad_entry({"@all"}) == 0);
        CHECK(first_bad_entry({""}) == 0);
        CHECK(first_bad_entry({"ww1:alice", "ww2:bad id"}) == 1);
    }
}
