// Which gateway serves which shards: what one of them does next, from what all can see. Pure.
//
// Everybody reckons the shares alike, from the list of the gateways that live, so nobody is asked.
// A shard that is free goes to whoever had it last, if that one lives: it has lost its connection
// for a moment, and its agents work on. Only when it has been silent for a little does it go to
// whoever has less than a share. Where all were silent it was the database: whoever is back first
// gives the others the same time to come back.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "durable/database/shards.hpp"

namespace hermes::durable {

// By the clock of the database.
inline constexpr std::chrono::milliseconds beat_interval{1'000};
// One that has not been heard of for so long: its free shards are anybody's, and it counts no more
// when shares are reckoned.
inline constexpr std::chrono::milliseconds silent_after{2'500};
// Its session, with which it may still hold shards, is ended.
inline constexpr std::chrono::milliseconds ended_after{15'000};

struct Member {
    std::int64_t run = 0;  // of its start: what it is known by
    std::chrono::milliseconds silence{0};
    std::chrono::milliseconds session_age{std::chrono::hours{1}};  // of its connection
    bool has_session = false;
    bool is_drained = false;  // is to serve nothing
};

struct ShardPlace {
    std::int64_t last = 0;  // the run of who served it last; 0: it was given back
    bool is_held = false;   // by whomever
};

struct ShardPlan {
    Shards claim{};   // that are free
    Shards let_go{};  // which others are to have
    // Of which nothing new is to be begun, so that they may go: all of a gateway that is drained.
    Shards held_back{};
};

// `shards`: shard_count of them. `own`: those that this gateway holds; `idle`: those of them of
// which nothing is under way, so that they may go.
ShardPlan plan_shards(std::int64_t run, const std::vector<Member>& members,
                      const std::vector<ShardPlace>& shards, Shards own, Shards idle);

// How many shards that gateway is to have.
int share_of(std::int64_t run, const std::vector<Member>& members);

}  // namespace hermes::durable
