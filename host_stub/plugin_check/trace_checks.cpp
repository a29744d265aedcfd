#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

void live_once(const Plugin& plugin, const CheckBench& bench, const Verdict& verdict, int sends) {
    Running running(plugin, bench);
    running.adapter().start();
    HandlerLedger ledger;
    for (int i = 0; i < sends; ++i) {
        ledger.send(running.adapter(), "no such chat");
    }
    running.stop();
    running.destroy();
    verdict.require(running.host().calls_too_many() == 0,
                    "the adapter called its host after stop had returned");
}

}  // namespace

void calls_nothing_after_stop(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench);
    Running running(plugin, bench);
    running.adapter().start();
    running.stop();
    // A thread that was left behind gets its chance.
    constexpr std::chrono::milliseconds chance{500};
    verdict.require(!comes_true([&] { return running.host().calls_too_many() > 0; }, chance),
                    "the adapter called its host after stop had returned");
    running.destroy();
    verdict.require(running.host().calls_too_many() == 0,
                    "the adapter called its host from its destructor");
}

void leaves_no_thread_and_no_file(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench);
    live_once(plugin, bench, verdict, 1);  // libraries open things for good the first time
    const auto threads = thread_count();
    const auto descriptors = descriptor_count();
    live_once(plugin, bench, verdict, 1);
    verdict.require(comes_true([&] { return thread_count() <= threads; }),
                    "stop returned with a thread left running");
    verdict.require(
        descriptor_count() <= descriptors,
        std::to_string(descriptor_count() - descriptors) + " file descriptors are left open");
}

void is_gone_after_unloading(const CheckBench& bench, const Verdict& verdict) {
    constexpr int rounds = 50;
    constexpr int sends = 100;
    for (int round = 1; round <= rounds; ++round) {
        {
            const Plugin plugin(bench.plugin);
            live_once(plugin, bench, verdict, sends);
        }
        verdict.require(!is_mapped(bench.plugin),
                        "it is still in memory after unloading, in round " + std::to_string(round));
    }
}

}  // namespace hermes::host::checks
