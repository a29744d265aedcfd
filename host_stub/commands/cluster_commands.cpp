// `state gateways`, `state drain`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <stdexcept>

#include "commands/offering.hpp"
#include "commands/times.hpp"
#include "hermes/ext/cluster.hpp"

namespace hermes::host {
namespace {

constexpr const char* could_be_shared = "keeps state that several gateways could share";
constexpr std::chrono::seconds worth_saying{3};

boost::json::object to_json(const GatewayView& gateway) {
    return {{"number", gateway.number},
            {"name", gateway.name},
            {"started_at", utc(gateway.started_at)},
            {"silence_ms", gateway.silence.count()},
            {"drained", gateway.is_drained},
            {"shards", gateway.shards},
            {"events", gateway.events},
            {"messages", gateway.messages}};
}

void print(const GatewayView& gateway, int shards_all) {
    std::cout << "gateway " << gateway.number << " (" << gateway.name << "), since "
              << utc(gateway.started_at) << ": " << gateway.shards << " of " << shards_all
              << " shards, " << gateway.events << " events and " << gateway.messages
              << " messages wait";
    if (gateway.is_drained) {
        std::cout << ", drained";
    }
    if (gateway.silence > worth_saying) {
        std::cout << ", silent for "
                  << std::chrono::floor<std::chrono::seconds>(gateway.silence).count() << " s";
    }
    std::cout << '\n';
}

}  // namespace

int show_gateways(const StateSource& source, OutputFormat format) {
    boost::json::array list;
    for_each_offering<WatchCluster>(
        source, could_be_shared, [&](const WatchCluster& cluster, const AdapterContext& context) {
            const auto view = cluster.look(context);
            for (const auto& gateway : view.gateways) {
                if (format == OutputFormat::json) {
                    list.push_back(to_json(gateway));
                } else {
                    print(gateway, view.shards_all);
                }
            }
            if (format == OutputFormat::text && view.gateways.empty()) {
                std::cout << "no gateway is there that shares its state\n";
            } else if (format == OutputFormat::text && view.shards_free > 0) {
                std::cout << view.shards_free << " shards are served by nobody at the moment\n";
            }
        });
    if (format == OutputFormat::json) {
        std::cout << boost::json::serialize(list) << '\n';
    }
    return exit_ok;
}

int drain_gateway(const StateSource& source, std::int64_t number, bool is_drained) {
    bool found = false;
    for_each_offering<WatchCluster>(
        source, could_be_shared, [&](const WatchCluster& cluster, const AdapterContext& context) {
            found = cluster.drain(context, number, is_drained) || found;
        });
    if (!found) {
        throw std::runtime_error("there is no gateway " + std::to_string(number) +
                                 ": see `state gateways`");
    }
    std::cout << "gateway " << number
              << (is_drained ? " gives its chats to the others, each when its turn is over: see "
                               "`state gateways`\n"
                             : " gets its share again\n");
    return exit_ok;
}

}  // namespace hermes::host
