#include "settings/version_1_apps.hpp"

#include <doctest/doctest.h>

#include "settings_json.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::wecom {

namespace {

Settings apps_named(std::vector<boost::json::object> apps) {
    boost::json::object settings;
    settings["apps"] = boost::json::array(apps.begin(), apps.end());
    return test::wecom_settings(settings);
}

durable::Version1 version_1_of_three_apps() {
    return version_1_of(test::wecom_settings(test::three_apps_json()));
}

}  // namespace

TEST_SUITE("adapter/version_1_apps") {
    TEST_CASE("a name is the app of that name, where the chat is of its corp") {
        const auto version_1 = version_1_of_three_apps();
        CHECK(version_1.account("hr", "ww1:alice") == "ww1:1000002");
        CHECK(version_1.account("it", "ww1:alice") == "ww1:1000003");
        CHECK(version_1.account("sales", "ww2:alice") == "ww2:1000002");
        // Another app of that name, in another company: never.
        CHECK_FALSE(version_1.account("sales", "ww1:alice"));
    }

    TEST_CASE("an app without a name was called by corp and agent") {
        const auto version_1 = version_1_of_three_apps();
        CHECK(version_1.account("ww1-1000003", "ww1:alice") == "ww1:1000003");
        CHECK_FALSE(version_1.account("ww1-1000009", "ww1:alice"));
    }

    TEST_CASE("a name that is gone is the only app of the corp, where there is one") {
        const auto version_1 = version_1_of_three_apps();
        CHECK(version_1.account("default", "ww2:alice") == "ww2:1000002");
        CHECK_FALSE(version_1.account("default", "ww1:alice"));
        CHECK_FALSE(version_1.account("default", "ww9:alice"));
        CHECK_FALSE(version_1.account("hr", "alice"));
        CHECK_FALSE(version_1.account("hr", ""));
    }

    TEST_CASE("a lone app that is one of several now is found by its new default name") {
        auto unnamed = test::app_json("", "ww1", 1000002);
        unnamed.erase("name");
        auto other = test::app_json("", "ww1", 1000003);
        other.erase("name");
        const auto version_1 = version_1_of(apps_named({unnamed, other}));
        CHECK(version_1.account("ww1-1000002", "ww1:alice") == "ww1:1000002");
        CHECK_FALSE(version_1.account("default", "ww1:alice"));  // it may have been either
    }

    TEST_CASE("a text becomes the request that it would be today") {
        const auto version_1 = version_1_of_three_apps();
        CHECK(boost::json::parse(version_1.request("ww1:1000003", "ww1:alice", "text", "hello")) ==
              boost::json::parse(R"({"touser": "alice", "msgtype": "text", "agentid": 1000003,
                                     "text": {"content": "hello"}, "safe": 0})"));
        CHECK(boost::json::parse(
                  version_1.request("ww1:1000003", "ww1:alice", "markdown", "**a**")) ==
              boost::json::parse(R"({"touser": "alice", "msgtype": "markdown", "agentid": 1000003,
                                     "markdown": {"content": "**a**"}})"));
    }
}

}  // namespace hermes::wecom
