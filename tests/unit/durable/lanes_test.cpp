#include "durable/delivery/lanes.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "unit/durable/lanes_rig.hpp"

namespace hermes::durable {

TEST_SUITE("durable/lanes") {
    TEST_CASE("the parts of a chat go one after the other, by their numbers") {
        LanesRig rig;
        rig.add(2, "ww1:1", "ww1:alice");
        rig.add(3, "ww1:1", "ww1:alice");
        rig.add(1, "ww1:1", "ww1:alice");
        CHECK(rig.turns() == Seqs{1});
        rig.deliver_first();
        CHECK(rig.turns() == Seqs{2});
        rig.deliver_first();
        CHECK(rig.turns() == Seqs{3});
        rig.deliver_first();
        CHECK(rig.turns().empty());
        CHECK(rig.lanes.pending() == 0);
        CHECK(rig.lanes.is_idle());
    }

    TEST_CASE("a part that is known is not added twice") {
        LanesRig rig;
        CHECK(rig.add(1, "ww1:1", "ww1:alice") == Lanes::Added::taken);
        CHECK(rig.add(1, "ww1:1", "ww1:alice") == Lanes::Added::known);
        CHECK(rig.lanes.pending() == 1);
    }

    TEST_CASE("an older part that comes back goes behind the one that is under way") {
        LanesRig rig;
        rig.add(5, "ww1:1", "ww1:alice");
        CHECK(rig.turns() == Seqs{5});
        rig.add(1, "ww1:1", "ww1:alice");
        rig.add(6, "ww1:1", "ww1:alice");
        rig.deliver_first();
        CHECK(rig.turns() == Seqs{1});
    }

    TEST_CASE("an account has at most so many lanes under way, and takes turns with the others") {
        LanesRig rig;
        std::int64_t seq = 0;
        for (std::size_t n = 0; n < window_first + 3; ++n) {
            rig.add(++seq, "ww1:1", "ww1:" + std::to_string(n));
        }
        rig.add(100, "ww1:2", "ww1:alice");
        const auto turns = rig.turns();
        CHECK(turns.size() == window_first + 1);
        CHECK(turns[1] == 100);
        rig.deliver_first();
        CHECK(rig.turns() == Seqs{static_cast<std::int64_t>(window_first) + 1});
    }

    TEST_CASE("an account's window grows while its requests are taken") {
        LanesRig rig;
        for (std::int64_t seq = 1; seq <= 100; ++seq) {
            rig.add(seq, "ww1:1", "ww1:" + std::to_string(seq));
        }
        CHECK(rig.turns().size() == window_first);
        for (std::size_t n = 0; n < window_first; ++n) {
            rig.lanes.taken(*rig.under_way.front(), rig.now);
            rig.deliver_first();
        }
        CHECK(rig.turns().size() == window_first + 1);
        Lanes::slow_down(*rig.under_way.front());
        while (!rig.under_way.empty()) {
            rig.deliver_first();
        }
        CHECK(rig.turns().size() == (window_first + 1) / 2);
    }

    TEST_CASE("the accounts of a group keep to its rate together") {
        const std::vector<Account> same_corp{{"ww1:1", "app hr", "ww1"},
                                             {"ww1:2", "app it", "ww1"}};
        Lanes lanes(same_corp, {.group_per_minute = 60, .window_longest = 1'000});
        for (std::int64_t seq = 1; seq <= 10; ++seq) {
            const auto* account = seq % 2 == 0 ? "ww1:1" : "ww1:2";
            lanes.add({.seq = seq, .not_before = noon, .deadline = noon + 1h}, account,
                      "ww1:" + std::to_string(seq), noon);
            lanes.know_past(*lanes.next_unread(), {}, noon);
        }
        std::size_t begun = 0;
        for (; lanes.next(noon) != nullptr; ++begun) {
        }
        CHECK(begun == 4);  // the burst, and the first of an even pace
        REQUIRE(lanes.wake_at());
        CHECK(*lanes.wake_at() > noon);
        CHECK(*lanes.wake_at() <= noon + 2s);
        CHECK(lanes.next(*lanes.wake_at()) != nullptr);
    }

    TEST_CASE("where gateways share, each makes its share of a group's requests") {
        Lanes lanes({{"ww1:1", "app hr", "ww1"}}, {.group_per_minute = 120, .window_longest = 99});
        lanes.share_rates(2);
        for (std::int64_t seq = 1; seq <= 10; ++seq) {
            lanes.add({.seq = seq, .not_before = noon, .deadline = noon + 1h}, "ww1:1",
                      "ww1:" + std::to_string(seq), noon);
            lanes.know_past(*lanes.next_unread(), {}, noon);
        }
        std::size_t begun = 0;
        for (; lanes.next(noon) != nullptr; ++begun) {
        }
        CHECK(begun == 4);  // as with 60 a minute
    }

    TEST_CASE("shards that are left have nothing that waits, and end what is under way") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:a");
        rig.add(2, "ww1:1", "ww1:a");
        rig.add(3, "ww1:1", "ww1:b", noon + 1h);
        const auto shard_a = Shards::one(shard_of("ww1:1", "ww1:a"));
        const auto shard_b = Shards::one(shard_of("ww1:1", "ww1:b"));
        REQUIRE(shard_a != shard_b);
        CHECK(rig.turns() == std::vector<std::int64_t>{1, 3});
        CHECK(rig.lanes.busy() == (shard_a | shard_b));
        rig.lanes.leave(shard_a);
        CHECK(rig.lanes.pending() == 2);
        rig.deliver_first();
        CHECK(rig.turns().empty());
        CHECK(rig.lanes.busy() == shard_b);
        CHECK(rig.lanes.pending() == 1);
    }

    TEST_CASE("of a shard that comes back, pacing learns anew what others have sent") {
        LanesRig rig(PacingLimits{.per_minute = 2, .per_hour = 100});
        rig.add(1, "ww1:1", "ww1:a");
        rig.lanes.leave(Shards::all());
        CHECK(rig.turns().empty());
        CHECK(rig.lanes.wake_at() == std::nullopt);
        QueuedPart part;
        part.seq = 2;
        part.not_before = noon;
        part.deadline = noon + 1h;
        rig.lanes.add(std::move(part), "ww1:1", "ww1:a", noon);
        auto* lane = rig.lanes.next_unread();
        REQUIRE(lane != nullptr);
        rig.lanes.know_past(*lane, {noon - 2s, noon - 1s}, noon);
        CHECK(rig.turns().empty());
        rig.now = noon + 59s;
        CHECK(rig.turns() == std::vector<std::int64_t>{2});
    }

    TEST_CASE("what was being read of a past when its shard was left is not the whole of it") {
        Lanes lanes(accounts(), {.pacing = {.per_minute = 1, .per_hour = 100}});
        const auto add = [&](std::int64_t seq) {
            lanes.add({.seq = seq, .not_before = noon, .deadline = noon + 1h}, "ww1:1", "ww1:a",
                      noon);
        };
        for (const bool comes_before_the_answer : {false, true}) {
            CAPTURE(comes_before_the_answer);
            add(1);
            auto* lane = lanes.next_unread();
            REQUIRE(lane != nullptr);
            lanes.leave(Shards::all());
            if (comes_before_the_answer) {
                add(2);
            }
            lanes.know_past(*lane, {}, noon);
            CHECK(lanes.next(noon) == nullptr);
            if (!comes_before_the_answer) {
                add(2);
            }
            CHECK(lanes.next_unread() == lane);
            lanes.know_past(*lane, {noon - 1s}, noon);
            CHECK(lanes.next(noon) == nullptr);
            CHECK(lanes.next(noon + 1min) == lane);
            lanes.pop(*lane);
            lanes.release(*lane, noon + 1min);
            lanes.leave(Shards::all());
        }
    }

    TEST_CASE("what is known of the oldest part's failures is not another part's") {
        LanesRig rig;
        rig.add(2, "ww1:1", "ww1:a");
        REQUIRE(rig.turns() == Seqs{2});
        auto& lane = *rig.under_way.front();
        const auto fails = [&] {
            lane.last.sentence = "for no reason that we know";
            lane.unexplained_since = noon;
            lane.parts.front().not_before = noon + 1min;
            rig.lanes.release(lane, noon);
        };
        fails();
        CHECK(rig.add(1, "ww1:1", "ww1:a") == Lanes::Added::taken);  // a letter that came back
        CHECK(lane.last.sentence.empty());
        CHECK_FALSE(lane.unexplained_since);
        REQUIRE(rig.turns() == Seqs{1});
        fails();
        rig.lanes.leave(Shards::all());
        CHECK(lane.last.sentence.empty());
        CHECK_FALSE(lane.unexplained_since);
    }

    TEST_CASE("what answers somebody goes before notices, which have every eighth turn") {
        Lanes lanes(accounts(), {.window_longest = 1});
        const auto add = [&](std::int64_t seq, bool is_notice) {
            lanes.add(
                {.seq = seq, .is_notice = is_notice, .not_before = noon, .deadline = noon + 1h},
                "ww1:1", "ww1:" + std::to_string(seq), noon);
            lanes.know_past(*lanes.next_unread(), {}, noon);
        };
        for (std::int64_t seq = 1; seq <= 3; ++seq) {
            add(seq, true);
        }
        for (std::int64_t seq = 11; seq <= 20; ++seq) {
            add(seq, false);
        }
        std::vector<std::int64_t> order;
        while (auto* lane = lanes.next(noon)) {
            order.push_back(lane->parts.front().seq);
            lanes.pop(*lane);
            lanes.release(*lane, noon);
        }
        CHECK(order == Seqs{11, 12, 13, 14, 15, 16, 17, 1, 18, 19, 20, 2, 3});
    }

    TEST_CASE("what may not go yet is announced for when it may") {
        LanesRig rig({.per_minute = 2, .per_hour = 0});
        for (std::int64_t seq = 1; seq <= 3; ++seq) {
            rig.add(seq, "ww1:1", "ww1:alice");
        }
        for (std::int64_t seq = 1; seq <= 2; ++seq) {
            CHECK(rig.turns() == Seqs{seq});
            rig.deliver_first();
        }
        CHECK(rig.turns().empty());
        CHECK(rig.lanes.wake_at() == noon + 1min);
        rig.now += 1min;
        CHECK(rig.turns() == Seqs{3});
    }

    TEST_CASE("nothing goes before it is known what an earlier run has delivered") {
        Lanes lanes(accounts(), {.pacing = {.per_minute = 1, .per_hour = 0}});
        lanes.add({.seq = 1, .not_before = noon, .deadline = noon + 1h}, "ww1:1", "ww1:alice",
                  noon);
        CHECK(lanes.next(noon) == nullptr);
        auto* lane = lanes.next_unread();
        REQUIRE(lane != nullptr);
        CHECK(lanes.next_unread() == nullptr);
        lanes.know_past(*lane, {noon - 20s}, noon);
        CHECK(lanes.next(noon) == nullptr);
        CHECK(lanes.wake_at() == noon + 40s);
        CHECK(lanes.next(noon + 40s) == lane);
    }

    TEST_CASE("a paused account lets one probe through when its time has come") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:alice");
        rig.add(2, "ww1:1", "ww1:bob");
        rig.add(3, "ww1:1", "ww1:carol");
        REQUIRE(rig.turns() == Seqs{1, 2, 3});
        auto& queue = rig.under_way.front()->queue;
        queue.pause.failed(cause(), false, rig.now, 0.5);
        rig.lanes.pause_changed(queue);
        for (auto* lane : std::exchange(rig.under_way, {})) {
            rig.lanes.release(*lane, rig.now);
        }
        CHECK(rig.turns().empty());
        CHECK(rig.lanes.wake_at() == queue.pause.until());
        rig.now = queue.pause.until();
        REQUIRE(rig.turns().size() == 1);
        CHECK(rig.under_way.front()->is_probe);
        // It was taken: all may go.
        queue.pause.probe_succeeded();
        rig.lanes.pause_changed(queue);
        CHECK(rig.turns().size() == 2);
    }

    TEST_CASE("a probe that was not sent leaves the turn to another one at once") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:alice");
        rig.add(2, "ww1:1", "ww1:bob");
        REQUIRE(rig.turns().size() == 2);
        auto& queue = rig.under_way.front()->queue;
        queue.pause.failed(cause(), false, rig.now, 0.5);
        rig.lanes.pause_changed(queue);
        for (auto* lane : std::exchange(rig.under_way, {})) {
            rig.lanes.release(*lane, rig.now);
        }
        rig.now = queue.pause.until();
        REQUIRE(rig.turns().size() == 1);
        queue.pause.probe_withdrawn();
        rig.lanes.release(*std::exchange(rig.under_way, {}).front(), rig.now);
        CHECK(rig.turns().size() == 1);
    }

    TEST_CASE("what is past its deadline has its turn although the account is paused") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:alice", noon + 10s);
        rig.add(2, "ww1:1", "ww1:bob");
        REQUIRE(rig.turns().size() == 2);
        auto& queue = rig.under_way.front()->queue;
        queue.pause.failed(cause(), false, rig.now, 0.5);
        rig.lanes.pause_changed(queue);
        for (auto* lane : std::exchange(rig.under_way, {})) {
            rig.lanes.release(*lane, rig.now);
        }
        CHECK(rig.lanes.wake_at() == noon + 10s);
        rig.now += 10s;
        CHECK(rig.turns() == Seqs{1});
        CHECK_FALSE(rig.under_way.front()->is_probe);
    }

    TEST_CASE("after stop nothing has its turn, and it is idle when what was under way is over") {
        LanesRig rig;
        rig.add(1, "ww1:1", "ww1:alice");
        rig.add(2, "ww1:2", "ww1:alice");
        auto* lane = rig.lanes.next(rig.now);
        rig.lanes.stop();
        CHECK(rig.lanes.next(rig.now) == nullptr);
        CHECK_FALSE(rig.lanes.is_idle());
        CHECK_FALSE(rig.lanes.wake_at().has_value());
        rig.lanes.release(*lane, rig.now);
        CHECK(rig.lanes.is_idle());
        CHECK(rig.lanes.next(rig.now) == nullptr);
        CHECK(rig.lanes.pending() == 2);
    }

    TEST_CASE("a lane is forgotten once pacing has nothing to remember of it") {
        LanesRig rig({.per_minute = 1, .per_hour = 0});
        rig.add(1, "ww1:1", "ww1:alice");
        REQUIRE(rig.turns() == Seqs{1});
        rig.deliver_first();
        rig.lanes.sweep(rig.now);
        rig.add(2, "ww1:1", "ww1:alice");
        CHECK(rig.turns().empty());  // it still knows
        rig.now += 1min;
        CHECK(rig.turns() == Seqs{2});
        rig.deliver_first();
        rig.now += 1h;
        rig.lanes.sweep(rig.now);
        rig.lanes.add({.seq = 3, .not_before = noon, .deadline = noon + 24h}, "ww1:1", "ww1:alice",
                      rig.now);
        CHECK(rig.lanes.next_unread() != nullptr);  // a lane made anew
    }

    TEST_CASE(
        "of a message that is set aside nothing is left, also behind a letter that came back") {
        LanesRig rig;
        rig.add(10, "ww1:1", "a");
        rig.add(11, "ww1:1", "a");
        CHECK(rig.turns() == Seqs{10});
        auto& lane = *rig.under_way.front();
        lane.parts.back().message = 10;  // its second part
        rig.add(5, "ww1:1", "a");
        CHECK(rig.lanes.drop(lane, 10) == 0);
        rig.lanes.release(lane, rig.now);
        CHECK(rig.turns() == Seqs{5});
        CHECK(rig.lanes.pending() == 1);
    }
}

}  // namespace hermes::durable
