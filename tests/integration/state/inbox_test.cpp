#include <doctest/doctest.h>

#include "integration/state/store_rig.hpp"

namespace hermes::test {
namespace {

using wecom::Accepted;

TEST_SUITE("state/inbox") {
    TEST_CASE("an accepted event is handed over once, with its text") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            CHECK(accept(*store, event("m1")).value() == Accepted::stored);
            const auto handed = host.next();
            REQUIRE(handed);
            CHECK(handed->account == "hr");
            CHECK(handed->chat == "ww1:zhangsan");
            CHECK(handed->xml == "<xml><Content>m1</Content></xml>");
            CHECK(handed->attempt == 1);
            CHECK_FALSE(handed->redelivered);
        });
    }

    TEST_CASE(
        "the same callback is one event, also in one commit, afterwards and after a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<Accepted> outcomes;
            for (int i = 0; i < 3; ++i) {
                store->inbox().accept(event("m1"), [&](wecom::Result<Accepted> result) {
                    outcomes.put(result.value());
                });
            }
            CHECK(outcomes.take() == Accepted::stored);
            CHECK(outcomes.take() == Accepted::duplicate);
            CHECK(outcomes.take() == Accepted::duplicate);
            CHECK(accept(*store, event("m1")).value() == Accepted::duplicate);
            store.reset();
            store = place.open();
            CHECK(accept(*store, event("m1")).value() == Accepted::duplicate);
        });
    }

    TEST_CASE("what was not settled is handed over again after a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            CHECK(accept(*store, event("m1")).value() == Accepted::stored);
            CHECK(accept(*store, event("m2")).value() == Accepted::stored);
            CHECK(accept(*store, event("m3")).value() == Accepted::stored);
            {
                Host host(*store);
                const auto first = host.next();
                REQUIRE(first);
                store->inbox().settle(first->seq);
                store.reset();
            }
            store = place.open();
            Host host(*store);
            const auto second = host.next();
            const auto third = host.next();
            REQUIRE(second);
            REQUIRE(third);
            CHECK(second->xml == event("m2").xml);
            CHECK(third->xml == event("m3").xml);
            CHECK(second->attempt == 1);
        });
    }
}

}  // namespace
}  // namespace hermes::test
