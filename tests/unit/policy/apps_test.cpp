#include "policy/current_apps.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "unit/policy/signed_callback.hpp"

using namespace hermes::test;
using hermes::wecom::App;
using hermes::wecom::Apps;
using hermes::wecom::CurrentApps;

TEST_SUITE("policy/apps") {
    TEST_CASE("an app is found by its name, by what it is and by its account in the store") {
        const Apps apps(three_apps());
        CHECK(apps.find("it")->agent == agent("1000003"));
        CHECK(apps.find(corp("wwabcdef"), agent("1000002"))->name == "sales");
        CHECK(apps.find_account("ww1234567890:1000002")->name == "hr");
    }

    TEST_CASE("what is not configured is not found") {
        const Apps apps(three_apps());
        CHECK(apps.find("") == nullptr);
        CHECK(apps.find(corp("wwabcdef"), agent("1000003")) == nullptr);
        CHECK(apps.find_account("wwabcdef:1000003") == nullptr);
    }

    TEST_CASE("the apps of a corp are found together") {
        const Apps apps(three_apps());
        const auto found = apps.of_corp(corp("ww1234567890"));
        REQUIRE(found.size() == 2);
        CHECK(found[0]->name == "hr");
        CHECK(found[1]->name == "it");
        CHECK(apps.of_corp(corp("ww0")).empty());
    }

    TEST_CASE("an account is shown by its app's name, and as it is without one") {
        const Apps apps(three_apps());
        CHECK(apps.name_of("wwabcdef:1000002") == "sales");
        CHECK(apps.name_of("wwabcdef:9") == "wwabcdef:9");
    }

    TEST_CASE("apps are listed as they were configured") {
        const Apps apps(three_apps());
        CHECK(apps.size() == 3);
        CHECK((*apps.begin())->name == "hr");
        CHECK(apps[2]->name == "sales");
    }

    TEST_CASE("an app that is configured no more is known as it was, and found no more") {
        CurrentApps apps(std::make_shared<const Apps>(three_apps()));
        auto without_sales = three_apps();
        without_sales.pop_back();
        without_sales[0].name = "people";
        apps.replace(Apps(without_sales));
        apps.replace(Apps(without_sales));  // and again: it is not forgotten
        const auto now = apps.now();
        CHECK(now->size() == 2);
        CHECK(now->find_account("wwabcdef:1000002") == nullptr);
        CHECK(now->find("sales") == nullptr);
        REQUIRE(now->known("wwabcdef:1000002") != nullptr);
        CHECK(now->known("wwabcdef:1000002")->callback_token == "token-sales");
        CHECK(now->name_of("wwabcdef:1000002") == "sales");
        CHECK(now->known("ww1234567890:1000002")->name == "people");
    }

    TEST_CASE("who has a snapshot goes on with it") {
        CurrentApps apps(std::make_shared<const Apps>(three_apps()));
        const auto before = apps.now();
        apps.replace(Apps({}));
        CHECK(apps.now()->size() == 0);
        CHECK(before->find("hr") != nullptr);
    }

    TEST_CASE("an app outlives the snapshot that it was found in") {
        auto apps = std::make_unique<Apps>(three_apps());
        const auto app = apps->find("sales");
        apps.reset();
        CHECK(app->callback_token == "token-sales");
    }
}
