#include <algorithm>
#include <set>

#include "hermes/ext/extension.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;

constexpr std::size_t letters_max = 1'000;

// The inspector, as a command of an operator has it.
class Inspected {
public:
    Inspected(const InspectState& state, const CheckBench& bench, const Verdict& verdict)
        : host_(bench.folder),
          inspector_(state.inspect({host_, bench.settings, AdapterMode::send_only})) {
        verdict.require(inspector_ != nullptr, "inspect returned nothing");
    }
    StateInspector& inspector() const noexcept { return *inspector_; }

private:
    CountingHost host_;
    std::unique_ptr<StateInspector> inspector_;
};

std::vector<DeadLetterFilter> filters_that_fit_all() {
    return {{}, {.platform_code = 0}, {.since = system_clock::time_point()}};
}

const InspectState& state_of(const CheckBench& bench, const Verdict& verdict) {
    const auto* state = extension_of<InspectState>(load_for_good(bench).descriptor());
    if (state == nullptr) {
        verdict.skipped("it keeps no state");
    }
    return *state;
}

// Sends what can't be delivered: some platforms make dead letters of that, and others don't.
void leave_dead_letters(const CheckBench& bench) {
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    HandlerLedger ledger;
    constexpr int sends = 6;
    for (int i = 0; i < sends; ++i) {
        ledger.send(running.adapter(), "no such chat");
    }
    running.stop();
}

std::set<std::string> ids_of(const std::vector<DeadLetter>& letters) {
    std::set<std::string> ids;
    for (const auto& letter : letters) {
        ids.insert(letter.id);
    }
    return ids;
}

// One filter, on the letters that there are.
class RetryAll {
public:
    RetryAll(StateInspector& inspector, const DeadLetterFilter& filter)
        : before_(inspector.dead_letters(letters_max)),
          count_(inspector.retry_all(filter)),
          left_(ids_of(inspector.dead_letters(letters_max))) {}

    // `wanted` says whether the filter fits a letter, `part` what it looks at.
    template <typename Wanted>
    void require_none_but(Wanted wanted, const std::string& part, const Verdict& verdict) const {
        for (const auto& letter : before_) {
            verdict.require(wanted(letter) || left_.contains(letter.id),
                            "retry_all ignores the " + part + " of its filter");
        }
        const auto gone = before_.size() - left_.size();
        verdict.require(count_ == gone, "retry_all returned " + std::to_string(count_) + " for " +
                                            std::to_string(gone) + " dead letters put back");
    }

private:
    std::vector<DeadLetter> before_;
    std::size_t count_;
    std::set<std::string> left_;
};

int code_of_none(const std::vector<DeadLetter>& letters) {
    int code = 1;
    for (const auto& letter : letters) {
        code = std::max(code, letter.platform_code) + 1;
    }
    return code;
}

bool nothing(const DeadLetter& /*letter*/) {
    return false;
}

void retry_with_each_part(StateInspector& inspector, const Verdict& verdict) {
    const auto letters = inspector.dead_letters(letters_max);
    RetryAll(inspector, {.account = "no such account"})
        .require_none_but(nothing, "account", verdict);
    RetryAll(inspector, {.since = system_clock::now() + hours(24)})
        .require_none_but(nothing, "time", verdict);
    RetryAll(inspector, {.platform_code = code_of_none(letters)})
        .require_none_but(nothing, "code", verdict);
    if (letters.empty()) {
        return;
    }
    const auto code = letters.front().platform_code;
    if (code != 0) {
        RetryAll(inspector, {.platform_code = code})
            .require_none_but([&](const auto& letter) { return letter.platform_code == code; },
                              "code", verdict);
    }
    const auto account = letters.back().account;
    RetryAll(inspector, {.account = account})
        .require_none_but(
            [&](const auto& letter) { return account.empty() || letter.account == account; },
            "account", verdict);
}

// What retry_all leaves may only be what can't be put back.
void require_nothing_to_retry(StateInspector& inspector, const Verdict& verdict) {
    for (const auto& id : ids_of(inspector.dead_letters(letters_max))) {
        bool put_back = false;
        try {
            put_back = inspector.retry(id);
        } catch (const std::runtime_error&) {
        }
        verdict.require(!put_back, "retry_all leaves a dead letter that fits its filter");
    }
}

}  // namespace

void lets_its_state_be_inspected(const CheckBench& bench, const Verdict& verdict) {
    const auto& extension = state_of(bench, verdict);
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    const Inspected state(extension, bench, verdict);
    auto& inspector = state.inspector();
    verdict.require(!inspector.summary().location.empty(), "the summary names no location");
    verdict.require(inspector.dead_letters(10).empty(), "a new state has dead letters");
    verdict.require(!inspector.dead_letter("no-such-id"), "it shows a dead letter that is none");
    verdict.require(!inspector.retry("no-such-id"), "it retries a dead letter that is none");
    for (const auto& filter : filters_that_fit_all()) {
        verdict.require(inspector.retry_all(filter) == 0, "it retries dead letters of a new state");
    }
    verdict.require(!inspector.drop("no-such-id"), "it drops a dead letter that is none");
    running.stop();
}

void shows_each_dead_letter(const CheckBench& bench, const Verdict& verdict) {
    const auto& extension = state_of(bench, verdict);
    leave_dead_letters(bench);
    const Inspected state(extension, bench, verdict);
    const auto letters = state.inspector().dead_letters(letters_max);
    verdict.require(ids_of(letters).size() == letters.size(), "two dead letters have the same id");
    for (const auto& letter : letters) {
        const auto shown = state.inspector().dead_letter(letter.id);
        verdict.require(shown.has_value(), "it lists a dead letter that it can't show");
        verdict.require(shown->side == letter.side && shown->account == letter.account &&
                            shown->chat == letter.chat && shown->attempts == letter.attempts,
                        "it shows a dead letter otherwise than it lists it");
        verdict.require(shown->platform_code == letter.platform_code,
                        "it shows a dead letter with another code than it lists it with");
    }
}

void retries_what_fits(const CheckBench& bench, const Verdict& verdict) {
    const auto& extension = state_of(bench, verdict);
    for (const auto& filter : filters_that_fit_all()) {
        leave_dead_letters(bench);
        const Inspected state(extension, bench, verdict);
        const auto try_all = [&] {
            retry_with_each_part(state.inspector(), verdict);
            RetryAll(state.inspector(), filter)
                .require_none_but([](const auto&) { return true; }, "", verdict);
            require_nothing_to_retry(state.inspector(), verdict);
        };
        const auto sentence = sentence_thrown_by(verdict, "retry_all", try_all);
        verdict.require(sentence.empty(), "retry_all threw: " + sentence);
    }
}

}  // namespace hermes::host::checks
