#include "inspector.hpp"

#include <utility>

#include "durable/operator_view.hpp"
#include "protocol/api_json.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

namespace {

StateCounts to_counts(const durable::SideCounts& side) {
    return {.pending = side.pending,
            .in_flight = side.in_flight,
            .retrying = side.retrying,
            .dead = side.dead,
            .oldest = side.oldest};
}

// What the member wrote, for an event that can still be read.
std::string readable_event(const std::string& xml) {
    if (auto message = parse_inbound(xml); message && !message->text.empty()) {
        return std::move(message->text);
    }
    return xml;
}

std::string readable_content(const durable::LetterView& letter) {
    std::string content;
    for (const auto& stored : letter.contents) {
        content += content.empty() ? "" : "\n";
        content += letter.side == durable::LetterSide::inbox ? readable_event(stored)
                   : letter.account.empty()                  ? stored
                                                             : shown_text(stored);
    }
    return content;
}

DeadLetter to_dead_letter(const durable::LetterView& letter, const Settings& settings) {
    DeadLetter dead;
    dead.content = readable_content(letter);
    dead.id = letter.id;
    dead.side = letter.side == durable::LetterSide::inbox ? StateSide::inbox : StateSide::outbox;
    dead.account = settings.name_of(letter.account);
    dead.chat = {letter.chat};
    dead.attempts = letter.attempts;
    dead.created_at = letter.created_at;
    dead.platform_code = letter.code;
    dead.reason = letter.reason;
    return dead;
}

durable::LetterFilter to_letter_filter(const DeadLetterFilter& filter, const Settings& settings) {
    durable::LetterFilter letters{
        .code = filter.platform_code, .since = filter.since, .account = {}};
    if (!filter.account.empty()) {
        letters.account = filter.account;
        for (const auto& app : settings.apps) {
            if (app.callback.name == filter.account) {
                letters.account = app.callback.account();
            }
        }
    }
    return letters;
}

class WecomInspector final : public StateInspector {
public:
    WecomInspector(const Settings& settings, const std::string& data_directory)
        : settings_(settings), view_(settings.state.expose_secret(), data_directory) {}

    StateSummary summary() override {
        const auto overview = view_.overview();
        return {.location = overview.location,
                .inbox = to_counts(overview.inbox),
                .outbox = to_counts(overview.outbox)};
    }

    std::vector<DeadLetter> dead_letters(std::size_t limit) override {
        std::vector<DeadLetter> letters;
        for (const auto& letter : view_.dead_letters(limit)) {
            letters.push_back(to_dead_letter(letter, settings_));
        }
        return letters;
    }

    std::optional<DeadLetter> dead_letter(const std::string& id) override {
        const auto letter = view_.dead_letter(id);
        return letter ? std::optional(to_dead_letter(*letter, settings_)) : std::nullopt;
    }

    bool retry(const std::string& id) override { return view_.retry(id); }
    std::size_t retry_all(const DeadLetterFilter& filter) override {
        return view_.retry_all(to_letter_filter(filter, settings_));
    }
    bool drop(const std::string& id) override { return view_.drop(id); }

private:
    Settings settings_;
    durable::OperatorView view_;
};

}  // namespace

std::unique_ptr<StateInspector> make_inspector(AdapterHost& host, const Settings& settings) {
    return std::make_unique<WecomInspector>(settings, host.data_directory());
}

}  // namespace hermes::wecom
