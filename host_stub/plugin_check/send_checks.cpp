#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

using Entry = HandlerLedger::Entry;
using Entries = std::vector<std::shared_ptr<const Entry>>;

const char* const no_chat = "no such chat";

bool refused_as_stopped(const Entry& entry) {
    return entry.calls == 1 && entry.status == SendStatus::failed &&
           entry.error == SendError::stopped;
}

void require_refusal(HandlerLedger& ledger, PlatformAdapter& adapter, const std::string& when,
                     const Verdict& verdict) {
    const auto entry = ledger.send(adapter, no_chat);
    verdict.require(entry->calls > 0, "send " + when + " did not call its handler at once");
    verdict.require(refused_as_stopped(*entry),
                    "send " + when + " was not refused once, as failed and stopped");
    verdict.require(ledger.alive() == 0, "send " + when + " keeps its handler");
    adapter.send({}, nullptr);
}

// After stop: each handler was called once, from outside of send, and is gone.
void require_completion(const HandlerLedger& ledger, const Entries& entries,
                        const Verdict& verdict) {
    for (const auto& entry : entries) {
        verdict.require(entry->calls != 0, "a handler was never called");
        verdict.require(entry->calls == 1, "a handler was called twice");
        verdict.require(entry->calls_inside_send == 0 || refused_as_stopped(*entry),
                        "a handler was called from inside send");
    }
    verdict.require(ledger.alive() == 0, "stop returned with " + std::to_string(ledger.alive()) +
                                             " handlers not destroyed");
}

Entries send_many(HandlerLedger& ledger, PlatformAdapter& adapter, int count) {
    Entries entries;
    for (int i = 0; i < count; ++i) {
        entries.push_back(ledger.send(adapter, no_chat));
        adapter.send({}, nullptr);
        adapter.settle({"no such event"});
    }
    return entries;
}

struct Load {
    std::string what;
    OutboundMessage message;
    bool can_be_carried;
};

// A message with each kind of attachment, and one with a question; to nobody, so that none of them
// can be delivered.
std::vector<Load> loads_of(const Capabilities& can, const std::filesystem::path& folder) {
    const auto file = folder / "attachment.bin";
    std::ofstream(file) << "bytes";
    OutboundMessage text;
    text.chat = {no_chat};
    text.text = "a message of the contract check";
    std::vector<Load> loads;
    const std::pair<MessageKind, const char*> kinds[]{{MessageKind::image, "an image"},
                                                      {MessageKind::voice, "a voice"},
                                                      {MessageKind::video, "a video"},
                                                      {MessageKind::file, "a file"}};
    for (const auto& [kind, name] : kinds) {
        auto message = text;
        message.attachments.push_back({.kind = kind, .path = file, .file_name = "a.bin"});
        const auto carries = [kind = kind](const AttachmentLimit& limit) {
            return limit.kind == kind;
        };
        loads.push_back(
            {name, std::move(message),
             std::any_of(can.attachments_out.begin(), can.attachments_out.end(), carries)});
    }
    auto question = text;
    question.question = Question{"q1", {{"y", "yes"}, {"n", "no"}}};
    loads.push_back({"a question", std::move(question), can.choices_max >= 2});
    return loads;
}

}  // namespace

void refuses_sends_when_not_running(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    HandlerLedger ledger;
    require_refusal(ledger, running.adapter(), "before start", verdict);
    running.adapter().start();
    running.stop();
    require_refusal(ledger, running.adapter(), "after stop", verdict);
}

void completes_each_send_once(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    constexpr std::size_t senders = 4;
    constexpr int messages = 50;
    HandlerLedger ledger;
    std::vector<Entries> sent(senders);
    std::vector<std::thread> threads;
    threads.reserve(sent.size());
    for (auto& entries : sent) {
        threads.emplace_back([&] { entries = send_many(ledger, running.adapter(), messages); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    running.stop();
    for (const auto& entries : sent) {
        require_completion(ledger, entries, verdict);
    }
}

void completes_sends_during_stop(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    HandlerLedger ledger;
    Entries entries;
    std::atomic<bool> sending{false};
    std::atomic<bool> stopped{false};
    std::thread sender([&] {
        while (!stopped) {
            entries.push_back(ledger.send(running.adapter(), no_chat));
            sending = true;
        }
    });
    while (!sending) {
        std::this_thread::yield();
    }
    running.stop();
    stopped = true;
    sender.join();
    require_completion(ledger, entries, verdict);
}

void refuses_what_it_cannot_carry(const CheckBench& bench, const Verdict& verdict) {
    constexpr std::chrono::milliseconds patience{500};
    Running running(load_for_good(bench), bench);
    auto& adapter = running.adapter();
    adapter.start();
    HandlerLedger ledger;
    const auto loads = loads_of(adapter.capabilities(), bench.folder);
    Entries entries;
    for (const auto& load : loads) {
        entries.push_back(ledger.send(adapter, load.message));
    }
    comes_true(
        [&] {
            return std::all_of(entries.begin(), entries.end(),
                               [](const auto& entry) { return entry->calls > 0; });
        },
        patience);
    running.stop();
    for (std::size_t i = 0; i < loads.size(); ++i) {
        const auto& entry = *entries[i];
        verdict.require(entry.calls == 1 && entry.status != SendStatus::delivered,
                        "a message with " + loads[i].what + " to nobody is told as delivered");
        verdict.require(loads[i].can_be_carried || entry.error == SendError::invalid,
                        "a message with " + loads[i].what +
                            ", which it can't deliver, is not refused as invalid");
        verdict.require(
            loads[i].can_be_carried || entry.has_sentence,
            "a message with " + loads[i].what + " is refused without a sentence of one line");
    }
}

}  // namespace hermes::host::checks
