#include "simulator/wecom/world.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "fake_gateway.hpp"

namespace hermes::host::simulator {

TEST_SUITE("simulator/world") {
    TEST_CASE("members are found in their corp, without regard to case") {
        const auto world = hermes::test::small_world(9);
        check_world(world);
        CHECK(world.find_member("ww_a", "zhangsan")->name == "张三");
        CHECK(world.find_member("ww_b", "ZHANGSAN")->name == "张三丰");
        CHECK(world.find_member("ww_b", "lisi") == nullptr);
        CHECK(world.find_app("ww_b", 1000002)->name == "sales");
    }

    TEST_CASE("a world that can't work is refused, with the app's name") {
        auto world = hermes::test::small_world(9);
        world.apps[1].name = "hr";
        CHECK_THROWS_WITH_AS(check_world(world), "two apps are named \"hr\"",
                             std::invalid_argument);
        world = hermes::test::small_world(9);
        world.apps[0].corp_id = "ww_c";
        CHECK_THROWS_WITH_AS(check_world(world), "app \"hr\": no corp \"ww_c\"",
                             std::invalid_argument);
        world = hermes::test::small_world(9);
        world.apps[0].encoding_aes_key = base::Secret("short");
        CHECK_THROWS_WITH_AS(check_world(world),
                             "app \"hr\": encoding_aes_key is not 43 characters of A-Z a-z 0-9",
                             std::invalid_argument);
        world = hermes::test::small_world(9);
        world.apps[0].callback_url.clear();
        CHECK_THROWS_WITH_AS(check_world(world), "app \"hr\": no callback URL",
                             std::invalid_argument);
        world = hermes::test::small_world(9);
        world.members[0].corp_id = "ww_c";
        CHECK_THROWS_WITH_AS(check_world(world), "member \"ZhangSan\": no corp \"ww_c\"",
                             std::invalid_argument);
    }
}

}  // namespace hermes::host::simulator
