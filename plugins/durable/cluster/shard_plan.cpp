#include "durable/cluster/shard_plan.hpp"

#include <algorithm>

namespace hermes::durable {
namespace {

bool is_heard(const Member& member) {
    return member.silence < silent_after;
}

// Those that share, oldest first.
std::vector<std::int64_t> sharers(const std::vector<Member>& members) {
    std::vector<std::int64_t> runs;
    const bool all_drained = std::all_of(members.begin(), members.end(), [](const auto& member) {
        return member.is_drained || member.silence >= ended_after;
    });
    for (const auto& member : members) {
        if (is_heard(member) && (!member.is_drained || all_drained)) {
            runs.push_back(member.run);
        }
    }
    std::sort(runs.begin(), runs.end());
    return runs;
}

// Others begin elsewhere, so that those that start together don't want the same.
Shards some_of(Shards shards, int count, std::int64_t run) {
    Shards some;
    for (int step = 0; step < shard_count && some.size() < count; ++step) {
        const auto shard = static_cast<int>((run * 7 + step) % shard_count);
        if (shards.contain(shard)) {
            some |= Shards::one(shard);
        }
    }
    return some;
}

}  // namespace

int share_of(std::int64_t run, const std::vector<Member>& members) {
    const auto runs = sharers(members);
    const auto found = std::find(runs.begin(), runs.end(), run);
    if (found == runs.end()) {
        return 0;
    }
    const auto count = static_cast<int>(runs.size());
    const auto place = static_cast<int>(found - runs.begin());
    return shard_count / count + (place < shard_count % count ? 1 : 0);
}

ShardPlan plan_shards(std::int64_t run, const std::vector<Member>& members,
                      const std::vector<ShardPlace>& shards, Shards own, Shards idle) {
    const bool is_back = std::any_of(members.begin(), members.end(), [run](const auto& member) {
        return member.run == run && member.session_age < silent_after;
    });
    const auto is_waited_for = [&](std::int64_t last) {
        return std::any_of(members.begin(), members.end(), [&](const auto& member) {
            return member.run == last && (is_heard(member) || is_back);
        });
    };
    const auto share = share_of(run, members);
    ShardPlan plan;
    Shards free;
    for (int shard = 0; shard < shard_count; ++shard) {
        const auto& place = shards[static_cast<std::size_t>(shard)];
        if (place.is_held) {
            continue;
        }
        if (place.last == run) {
            plan.claim |= Shards::one(shard);
        } else if (!is_waited_for(place.last)) {
            free |= Shards::one(shard);
        }
    }
    const auto has = (own | plan.claim).size();
    if (has < share) {
        plan.claim |= some_of(free, share - has, run);
    } else if (has > share) {
        plan.let_go = some_of(own & idle, has - share, run);
    }
    if (share == 0) {
        plan.held_back = own;
    }
    return plan;
}

}  // namespace hermes::durable
