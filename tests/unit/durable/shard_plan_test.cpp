#include "durable/cluster/shard_plan.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace hermes::durable {
namespace {

using namespace std::chrono_literals;

std::vector<Member> members(std::initializer_list<std::int64_t> runs) {
    std::vector<Member> all;
    for (const auto run : runs) {
        all.push_back({.run = run, .has_session = true});
    }
    return all;
}

// Gateways that take turns, until nobody wants anything more.
class Table {
public:
    void let_play(const std::vector<Member>& all) {
        for (int round = 0; round < 10; ++round) {
            for (const auto& member : all) {
                play(member.run, all);
            }
        }
    }
    void play(std::int64_t run, const std::vector<Member>& all) {
        auto own = shards_of(run);
        const auto plan = plan_shards(run, all, places, own, own - busy);
        CHECK((plan.claim & plan.let_go).empty());
        plan.claim.for_each([&](int shard) {
            auto& place = places[static_cast<std::size_t>(shard)];
            CHECK_FALSE(place.is_held);
            place = {run, true};
        });
        plan.let_go.for_each([&](int shard) { places[static_cast<std::size_t>(shard)] = {}; });
    }
    // Its session is gone, with its locks.
    void lose(std::int64_t run) {
        for (auto& place : places) {
            place.is_held = place.is_held && place.last != run;
        }
    }
    Shards shards_of(std::int64_t run) const {
        Shards own;
        for (int shard = 0; shard < shard_count; ++shard) {
            const auto& place = places[static_cast<std::size_t>(shard)];
            if (place.is_held && place.last == run) {
                own |= Shards::one(shard);
            }
        }
        return own;
    }

    std::vector<ShardPlace> places = std::vector<ShardPlace>(shard_count);
    Shards busy{};
};

TEST_SUITE("state/shards") {
    TEST_CASE("a chat is always in the same shard, and chats are spread over all of them") {
        CHECK(shard_of("ww1:1000002", "ww1:zhangsan") == 24);
        CHECK(shard_of("", "") >= 0);
        std::vector<int> chats(shard_count);
        for (int user = 0; user < 6'400; ++user) {
            ++chats.at(static_cast<std::size_t>(
                shard_of("ww1:1000002", "ww1:user" + std::to_string(user))));
        }
        for (const auto count : chats) {
            CHECK(count > 50);
            CHECK(count < 170);
        }
    }

    TEST_CASE("a set of shards knows its members") {
        const auto some = Shards::one(0) | Shards::one(63);
        CHECK(some.size() == 2);
        CHECK(some.contain(63));
        CHECK_FALSE(some.contain(1));
        CHECK(Shards::from_bits(some.bits()) == some);
        CHECK((Shards::all() - some).size() == 62);
        std::set<int> seen;
        some.for_each([&](int shard) { seen.insert(shard); });
        CHECK(seen == std::set<int>{0, 63});
    }

    TEST_CASE("a gateway alone serves all, also when it is drained") {
        Table table;
        auto alone = members({1});
        alone[0].is_drained = true;
        table.play(1, alone);
        CHECK(table.shards_of(1) == Shards::all());
    }

    TEST_CASE("one more gets its share, and one that leaves leaves it to the others") {
        Table table;
        table.let_play(members({1}));
        table.let_play(members({1, 2}));
        CHECK(table.shards_of(1).size() == 32);
        CHECK(table.shards_of(2).size() == 32);
        table.let_play(members({1, 2, 3}));
        CHECK(table.shards_of(1).size() == 22);
        CHECK(table.shards_of(2).size() == 21);
        CHECK(table.shards_of(3).size() == 21);
        table.lose(1);
        table.let_play(members({2, 3}));
        CHECK(table.shards_of(2).size() == 32);
        CHECK(table.shards_of(3).size() == 32);
    }

    TEST_CASE("what is busy stays where it is, and goes when it is not") {
        Table table;
        table.let_play(members({1}));
        table.busy = Shards::all();
        table.let_play(members({1, 2}));
        CHECK(table.shards_of(1) == Shards::all());
        table.busy = {};
        table.let_play(members({1, 2}));
        CHECK(table.shards_of(2).size() == 32);
    }

    TEST_CASE("one that lost its connection for a moment finds its shards as it left them") {
        Table table;
        table.let_play(members({1, 2}));
        const auto before = table.shards_of(1);
        table.lose(1);
        table.play(2, members({1, 2}));
        CHECK(table.shards_of(2).size() == 32);
        table.play(1, members({1, 2}));
        CHECK(table.shards_of(1) == before);
    }

    TEST_CASE("one that is silent loses what it does not hold, and keeps what it holds") {
        Table table;
        auto both = members({1, 2});
        table.let_play(both);
        both[0].silence = 3s;
        table.play(2, both);
        CHECK(table.shards_of(1).size() == 32);
        table.lose(1);
        table.play(2, both);
        CHECK(table.shards_of(2) == Shards::all());
    }

    TEST_CASE("who is back first after all were silent leaves the others their shards") {
        Table table;
        auto both = members({1, 2});
        table.let_play(both);
        table.lose(1);
        table.lose(2);
        both[0].silence = 10s;
        both[1].session_age = 1s;
        table.play(2, both);
        CHECK(table.shards_of(2).size() == 32);
        both[1].session_age = 3s;
        table.play(2, both);
        CHECK(table.shards_of(2) == Shards::all());
    }

    TEST_CASE("one that is drained gives all away") {
        Table table;
        auto three = members({1, 2, 3});
        table.let_play(three);
        three[1].is_drained = true;
        table.let_play(three);
        CHECK(table.shards_of(2).empty());
        CHECK(table.shards_of(1).size() == 32);
    }

    TEST_CASE("one that nobody knows has no share") {
        CHECK(share_of(9, members({1, 2})) == 0);
        CHECK(share_of(1, members({1})) == shard_count);
    }
}

}  // namespace
}  // namespace hermes::durable
