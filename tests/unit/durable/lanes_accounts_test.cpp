// Which accounts are configured, and that this changes.
#include "durable/delivery/lanes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "unit/durable/lanes_rig.hpp"

namespace hermes::durable {

TEST_SUITE("durable/lanes/accounts") {
    TEST_CASE("the parts of an account that is not configured wait until their deadline") {
        LanesRig rig;
        CHECK(rig.add(1, "ww9:9", "ww9:alice", noon + 1h) == Lanes::Added::unknown_account);
        CHECK(rig.turns().empty());
        CHECK(rig.lanes.wake_at() == noon + 1h);
        rig.now += 1h;
        CHECK(rig.turns() == Seqs{1});
    }

    TEST_CASE("what waits for an account goes once that is configured, after its past is known") {
        LanesRig rig;
        rig.add(1, "ww9:9", "ww9:alice");
        CHECK(rig.lanes.unconfigured() == std::set<std::string>{"ww9:9"});
        rig.lanes.configure({{"ww9:9", "app new"}}, rig.now);
        CHECK(rig.turns().empty());
        auto* lane = rig.lanes.next_unread();
        REQUIRE(lane != nullptr);
        CHECK(lane->queue.account.shown == "app new");
        rig.lanes.know_past(*lane, {}, rig.now);
        CHECK(rig.turns() == Seqs{1});
        CHECK(rig.lanes.unconfigured().empty());
    }

    TEST_CASE("what is under way of an account that is gone ends, and what waits of it waits") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:alice");
        rig.add(2, "ww1:1", "ww1:alice");
        rig.add(3, "ww1:1", "ww1:bob", noon + 1h);
        rig.add(4, "ww1:2", "ww1:alice");
        auto* lane = rig.lanes.next(rig.now);
        rig.under_way.push_back(lane);
        REQUIRE(lane->parts.front().seq == 1);
        rig.lanes.configure({{"ww1:2", "app it"}}, rig.now);
        rig.deliver_first();
        CHECK(rig.turns() == Seqs{4});
        CHECK(rig.lanes.unconfigured() == std::set<std::string>{"ww1:1"});
        CHECK(rig.lanes.wake_at() == noon + 1h);
        rig.lanes.configure(accounts(), rig.now);
        while (auto* unread = rig.lanes.next_unread()) {
            rig.lanes.know_past(*unread, {}, rig.now);
        }
        auto seqs = rig.turns();
        std::sort(seqs.begin(), seqs.end());
        CHECK(seqs == Seqs{2, 3});
    }

    TEST_CASE("another configuration lets an account that is paused try at once") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:alice");
        REQUIRE(rig.turns() == Seqs{1});
        auto* lane = rig.under_way.front();
        lane->queue.pause.failed(cause(), false, rig.now, 0.5);
        rig.lanes.pause_changed(lane->queue);
        rig.lanes.release(*lane, rig.now);
        rig.under_way.clear();
        CHECK(rig.turns().empty());
        rig.lanes.configure(accounts(), rig.now);
        CHECK(rig.turns() == Seqs{1});
        CHECK(rig.under_way.front()->is_probe);
    }
}

}  // namespace hermes::durable
