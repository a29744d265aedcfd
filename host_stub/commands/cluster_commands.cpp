// `state gateways`, `state drain`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <stdexcept>

#include "commands/offering.hpp"
#include "commands/say.hpp"
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

std::string told(const GatewayView& gateway, int shards_all) {
    std::string sentence = "gateway " + std::to_string(gateway.number) + " (" + gateway.name +
                           "), since " + utc(gateway.started_at) + ": " +
                           std::to_string(gateway.shards) + " of " + std::to_string(shards_all) +
                           " shards, " + std::to_string(gateway.events) + " events and " +
                           std::to_string(gateway.messages) + " messages wait";
    if (gateway.is_drained) {
        sentence += ", drained";
    }
    if (gateway.silence > worth_saying) {
        const auto silence = std::chrono::floor<std::chrono::seconds>(gateway.silence);
        sentence += ", silent for " + std::to_string(silence.count()) + " s";
    }
    return sentence;
}

}  // namespace

int show_gateways(const StateSource& source, OutputFormat format) {
    const Offering<WatchCluster> offering(source, could_be_shared);
    const auto& words = offering.words();
    boost::json::array list;
    offering.for_each([&](const WatchCluster& cluster, const AdapterContext& context) {
        const auto view = cluster.look(context);
        for (const auto& gateway : view.gateways) {
            if (format == OutputFormat::json) {
                list.push_back(to_json(gateway));
            } else {
                say(words, told(gateway, view.shards_all));
            }
        }
        if (format == OutputFormat::text && view.gateways.empty()) {
            say(words, "no gateway is there that shares its state");
        } else if (format == OutputFormat::text && view.shards_free > 0) {
            say(words,
                std::to_string(view.shards_free) + " shards are served by nobody at the moment");
        }
    });
    if (format == OutputFormat::json) {
        std::cout << boost::json::serialize(list) << '\n';
    }
    return exit_ok;
}

int drain_gateway(const StateSource& source, std::int64_t number, bool is_drained) {
    const Offering<WatchCluster> offering(source, could_be_shared);
    bool found = false;
    offering.for_each([&](const WatchCluster& cluster, const AdapterContext& context) {
        found = cluster.drain(context, number, is_drained) || found;
    });
    if (!found) {
        throw std::runtime_error("there is no gateway " + std::to_string(number) +
                                 ": see `state gateways`");
    }
    say(offering.words(),
        "gateway " + std::to_string(number) +
            (is_drained ? " gives its chats to the others, each when its turn is over: see "
                          "`state gateways`"
                        : " gets its share again"));
    return exit_ok;
}

}  // namespace hermes::host
