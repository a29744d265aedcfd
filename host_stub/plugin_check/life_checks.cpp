#include <algorithm>
#include <set>
#include <stdexcept>

#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

// Each kind once, a file at all, and with a size.
bool are_sound(const std::vector<AttachmentLimit>& limits) {
    std::set<MessageKind> kinds;
    return std::all_of(limits.begin(), limits.end(), [&](const AttachmentLimit& limit) {
        const bool is_file = limit.kind == MessageKind::image || limit.kind == MessageKind::voice ||
                             limit.kind == MessageKind::video || limit.kind == MessageKind::file;
        return is_file && limit.bytes_max > 0 && kinds.insert(limit.kind).second;
    });
}

// Starts an adapter that should fail; false if it does not. Afterwards nothing of it may run.
bool fails_to_start(const Plugin& plugin, const CheckBench& bench, const Verdict& verdict) {
    const auto threads = thread_count();
    Running running(plugin, bench);
    const auto sentence = sentence_thrown_by(verdict, "start", [&] { running.adapter().start(); });
    if (sentence.empty()) {
        running.stop();
        return false;
    }
    verdict.require(comes_true([&] { return thread_count() == threads; }),
                    "a start that failed left a thread running");
    running.host().close();
    running.destroy();
    verdict.require(running.host().calls_too_many() == 0,
                    "the adapter called its host after a start that failed");
    return true;
}

}  // namespace

void accepts_its_settings(const CheckBench& bench, const Verdict& verdict) {
    for (const auto& sentence : load_for_good(bench).descriptor().check(bench.settings)) {
        verdict.failed("the settings for this check are wrong: " + sentence);
    }
}

void is_created_and_destroyed(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench);
    const auto threads = thread_count();
    Running running(plugin, bench);
    verdict.require(thread_count() == threads, "create started a thread");
    verdict.require(listener_count() == 0, "create opened a listener");
    running.destroy();
}

void stops_without_start(const CheckBench& bench, const Verdict& /*verdict*/) {
    Running running(load_for_good(bench), bench);
    running.stop();
    running.stop();
    running.destroy();
}

void starts_and_stops_twice(const CheckBench& bench, const Verdict& /*verdict*/) {
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    running.adapter().settle({"no such event"});
    running.stop();
    running.stop();
    running.adapter().settle({"no such event"});
    running.destroy();
}

void starts_afresh(const CheckBench& bench, const Verdict& /*verdict*/) {
    const auto& plugin = load_for_good(bench);
    constexpr int rounds = 3;
    for (int i = 0; i < rounds; ++i) {
        Running running(plugin, bench);
        running.adapter().start();
        running.stop();
    }
}

// Two ways that make most platforms fail: a data directory that is not there, and what another
// adapter of the same settings already holds.
void survives_a_failed_start(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench);
    auto nowhere = bench;
    nowhere.folder = bench.folder / "not" / "there";
    const bool failed_without_folder = fails_to_start(plugin, nowhere, verdict);
    Running first(plugin, bench);
    first.adapter().start();
    const bool failed_beside_another = fails_to_start(plugin, bench, verdict);
    first.stop();
    if (!failed_without_folder && !failed_beside_another) {
        verdict.skipped("neither a missing data directory nor a second adapter made start fail");
    }
}

void has_constant_capabilities(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    auto& adapter = running.adapter();
    const auto created = adapter.capabilities();
    adapter.start();
    const auto started = adapter.capabilities();
    running.stop();
    const auto stopped = adapter.capabilities();
    verdict.require(created == started && started == stopped, "they change");
    verdict.require(!created.inbound.empty() || !created.outbound.empty(),
                    "they name no kind of message");
    verdict.require(created.outbound.empty() || created.text_bytes_max > 0,
                    "text_bytes_max is 0 although messages can be sent");
    verdict.require(are_sound(created.attachments_in) && are_sound(created.attachments_out),
                    "a kind of attachment is there twice, is no file, or may have no byte");
    verdict.require(created.attachments_out.empty() == (created.attachments_max == 0),
                    "attachments_max and attachments_out disagree on whether there may be any");
    verdict.require((created.choices_max == 0) == (created.choice_label_bytes_max == 0),
                    "choices_max and choice_label_bytes_max disagree on whether it can ask");
}

void listens_only_in_gateway_mode(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench);
    Running gateway(plugin, bench);
    gateway.adapter().start();  // send_only has to work beside it, on the same state
    const auto listeners = listener_count();
    Running sender(plugin, bench, AdapterMode::send_only);
    sender.adapter().start();
    verdict.require(listener_count() == listeners, "it listens in send_only mode, too");
    sender.stop();
    gateway.stop();
}

}  // namespace hermes::host::checks
