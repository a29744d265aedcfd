// The gateways that share an adapter's durable state: hermes.cluster/1, offered by a plugin's
// descriptor if several may.
//
// It works on the database, with or without a gateway running beside it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hermes {

struct AdapterContext;

struct GatewayView {
    std::int64_t number = 0;  // of its start: what it is called by
    std::string name{};       // for people: its machine and process
    std::chrono::system_clock::time_point started_at{};
    std::chrono::milliseconds silence{0};  // since it was heard of last
    bool is_drained = false;               // it gives its chats to the others
    int shards = 0;                        // of the chats, that it serves
    std::int64_t events = 0;               // in those, not settled
    std::int64_t messages = 0;             // in those, not delivered; parts
};

struct ClusterView {
    std::vector<GatewayView> gateways{};  // oldest first
    int shards_all = 0;                   // there are
    int shards_free = 0;                  // that nobody serves at the moment
};

struct WatchCluster {
    static constexpr const char* extension_name = "hermes.cluster/1";

    // Neither is ever null. They keep nothing of what they are given, and throw std::runtime_error,
    // and nothing else, with a sentence for the operator.  [control]

    // No gateways where only one may use the state.
    ClusterView (*look)(const AdapterContext& context);
    // From now on that gateway gives its chats to the others, those in which an agent works after
    // their turn; or, `is_drained` false, has its share again. False: there is none of that number.
    bool (*drain)(const AdapterContext& context, std::int64_t number, bool is_drained);
};

}  // namespace hermes
