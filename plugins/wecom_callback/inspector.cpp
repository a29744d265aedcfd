#include "inspector.hpp"

#include <limits>
#include <utility>

#include "protocol/inbound.hpp"
#include "state/operator_view.hpp"

namespace hermes::wecom {

namespace {

StateCounts to_counts(const SideCounts& side) {
    return {.pending = side.pending,
            .in_flight = side.in_flight,
            .retrying = side.retrying,
            .dead = side.dead,
            .oldest = side.oldest};
}

// What the member wrote, for an event that can still be read.
std::string readable_content(LetterView& letter) {
    if (letter.side == LetterSide::inbox) {
        if (auto message = parse_inbound(letter.content); message && !message->text.empty()) {
            return std::move(message->text);
        }
    }
    return std::move(letter.content);
}

DeadLetter to_dead_letter(LetterView letter) {
    DeadLetter dead;
    dead.content = readable_content(letter);
    dead.id = std::move(letter.id);
    dead.side = letter.side == LetterSide::inbox ? StateSide::inbox : StateSide::outbox;
    dead.account = std::move(letter.account);
    dead.chat = {std::move(letter.chat)};
    dead.attempts = letter.attempts;
    dead.created_at = letter.created_at;
    dead.reason = std::move(letter.reason);
    return dead;
}

class WecomInspector final : public StateInspector {
public:
    WecomInspector(const std::string& connection, const std::string& data_directory)
        : view_(connection, data_directory) {}

    StateSummary summary() override {
        const auto overview = view_.overview();
        return {.location = overview.location,
                .inbox = to_counts(overview.inbox),
                .outbox = to_counts(overview.outbox)};
    }

    std::vector<DeadLetter> dead_letters(std::size_t limit) override {
        std::vector<DeadLetter> letters;
        for (auto& letter : view_.dead_letters(limit)) {
            letters.push_back(to_dead_letter(std::move(letter)));
        }
        return letters;
    }

    std::optional<DeadLetter> dead_letter(const std::string& id) override {
        auto letter = view_.dead_letter(id);
        return letter ? std::optional(to_dead_letter(std::move(*letter))) : std::nullopt;
    }

    bool retry(const std::string& id) override { return view_.retry(id); }
    std::size_t retry_all(const DeadLetterFilter& filter) override {
        std::size_t count = 0;
        for (const auto& letter : dead_letters(std::numeric_limits<std::size_t>::max() / 2)) {
            const bool fits = (filter.account.empty() || filter.account == letter.account) &&
                              (!filter.since || letter.created_at >= *filter.since);
            count += fits && retry(letter.id) ? 1 : 0;
        }
        return count;
    }
    bool drop(const std::string& id) override { return view_.drop(id); }

private:
    OperatorView view_;
};

}  // namespace

std::unique_ptr<StateInspector> make_inspector(AdapterHost& host, const Settings& settings) {
    return std::make_unique<WecomInspector>(settings.state.expose_secret(), host.data_directory());
}

}  // namespace hermes::wecom
