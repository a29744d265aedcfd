#include "simulator/wecom/record_book.hpp"

#include <algorithm>

namespace hermes::host::simulator {

namespace {

// Enough for any test and for weeks at the page; the oldest go first.
constexpr std::size_t entries_max = 500'000;
constexpr std::size_t steps_max = 200'000;
constexpr std::size_t steps_bytes_max = std::size_t{256} << 20U;  // of what was sent and said
constexpr std::size_t sends_max = 500'000;

template <typename Items>
void bound(Items& items, std::size_t max) {
    while (items.size() > max) {
        items.pop_front();
    }
}

std::size_t bytes_of(const WireStep& step) {
    return step.request.size() + step.response.size() + step.plain.size();
}

}  // namespace

void RecordBook::go_on_from(const Past& past, const IsKnown& is_known) {
    const std::lock_guard lock(mutex_);
    for (auto entry : past.entries) {
        last_entry_ = entry.number;
        if (!is_known(entry.app, entry.user_id)) {
            continue;
        }
        if (entry.state == EntryState::sending) {
            entry.state = EntryState::failed;
        }
        if (entry.from == ChatEntry::From::member) {
            last_written_[{entry.app, entry.user_id}] = entry.number;
            last_written_to_app_[entry.app] = entry.number;
        }
        entries_.push_back(std::move(entry));
    }
    for (const auto& step : past.steps) {
        last_step_ = step.sequence;
        if (step.app.empty() || is_known(step.app, step.user_id)) {
            keep_step(step);
        }
    }
}

std::uint64_t RecordBook::begin_entry(ChatEntry entry) {
    const std::lock_guard lock(mutex_);
    entry.from = ChatEntry::From::member;
    entry.state = EntryState::sending;
    auto& last_to_app = last_written_to_app_[entry.app];
    auto& last = last_written_[{entry.app, entry.user_id}];
    last = last_to_app = add_entry(std::move(entry));
    happened();
    return last;
}

void RecordBook::begin_try(std::uint64_t number, int attempt) {
    change_entry(number, [&](ChatEntry& entry) { entry.attempts = attempt; });
}

void RecordBook::end_entry(std::uint64_t number, int attempts,
                           std::optional<std::chrono::milliseconds> acknowledged_after) {
    change_entry(number, [&](ChatEntry& entry) {
        entry.attempts = attempts;
        entry.acknowledged_after = acknowledged_after;
        entry.state = acknowledged_after ? EntryState::acknowledged : EntryState::failed;
    });
}

template <typename Change>
void RecordBook::change_entry(std::uint64_t number, Change change) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::lower_bound(entries_, number, {}, &ChatEntry::number);
    if (found != entries_.end() && found->number == number) {
        change(*found);
        observer_.on_entry(*found);
    }
    happened();
}

void RecordBook::add_send(const App* app, SendCall call) {
    const std::lock_guard lock(mutex_);
    call.at = clock_();
    const bool is_media = !call.file_name.empty();
    const bool is_unprompted = goes_to_many(call.to_user, call.to_party, call.to_tag);
    for (const auto& recipient : call.recipients) {
        WireStep step{.kind = step_of(recipient.fate),
                      .app = call.app,
                      .user_id = recipient.user_id,
                      .is_unprompted = is_unprompted,
                      .summary = std::string(explain(recipient.fate))};
        place_call(step);
        const auto number = add_entry({.from = ChatEntry::From::app,
                                       .app = call.app,
                                       .user_id = recipient.user_id,
                                       .type = call.type,
                                       .content = is_media ? call.file_name : call.content,
                                       .cut = call.cut,
                                       .state = state_of(recipient.fate),
                                       .msgid = call.msgid,
                                       .media_id = is_media ? call.content : "",
                                       .answers = step.entry});
        if (recipient.fate == Fate::delivered) {
            deliveries_.push_back({.number = number,
                                   .at = call.at,
                                   .app = call.app,
                                   .corp_id = app == nullptr ? "" : app->corp_id,
                                   .user_id = recipient.user_id,
                                   .type = call.type,
                                   .content = call.content,
                                   .file_name = call.file_name,
                                   .msgid = call.msgid,
                                   .cut = call.cut});
            untaken_.push_back(deliveries_.back());
        }
        record_step(std::move(step));
    }
    sends_.push_back(std::move(call));
    bound(sends_, sends_max);
    bound(deliveries_, sends_max);
    bound(untaken_, sends_max);
    happened();
}

void RecordBook::close_card(std::string_view msgid, std::string_view user_id,
                            const std::string& label) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const ChatEntry& entry) {
        return entry.from == ChatEntry::From::app && entry.msgid == msgid &&
               entry.user_id == user_id;
    });
    if (found != entries_.end()) {
        found->card_label = label;
        observer_.on_entry(*found);
    }
    happened();
}

void RecordBook::recall(std::string_view app, std::string_view msgid) {
    const std::lock_guard lock(mutex_);
    for (auto& entry : entries_) {
        if (entry.from == ChatEntry::From::app && entry.app == app && entry.msgid == msgid &&
            entry.state == EntryState::delivered) {
            entry.state = EntryState::recalled;
            observer_.on_entry(entry);
        }
    }
    happened();
}

void RecordBook::add_step(WireStep step) {
    if (observer_.before_step) {
        observer_.before_step();
    }
    const std::lock_guard lock(mutex_);
    place_call(step);
    record_step(std::move(step));
    happened();
}

void RecordBook::note(WireStep step) {
    const std::lock_guard lock(mutex_);
    record_step(std::move(step));
    happened();
}

void RecordBook::count_call(Call call, const std::string& app) {
    const std::lock_guard lock(mutex_);
    ++calls_[{call, app}];
    happened();
}

std::uint64_t RecordBook::add_entry(ChatEntry entry) {
    entry.number = ++last_entry_;
    entry.at = clock_();
    observer_.on_entry(entry);
    entries_.push_back(std::move(entry));
    bound(entries_, entries_max);
    return last_entry_;
}

void RecordBook::record_step(WireStep step) {
    step.sequence = ++last_step_;
    step.at = clock_();
    place(step);
    observer_.on_step(step);
    keep_step(std::move(step));
}

void RecordBook::keep_step(WireStep step) {
    if (step.kind == StepKind::attempted) {
        answering_.insert_or_assign({step.app, step.user_id}, step.entry);
    }
    open_.take(step);
    steps_bytes_ += bytes_of(step);
    steps_.push_back(std::move(step));
    while (steps_.size() > steps_max || steps_bytes_ > steps_bytes_max) {
        steps_bytes_ -= bytes_of(steps_.front());
        steps_.pop_front();
    }
}

// What nobody has placed belongs to the last thing that was written.
void RecordBook::place(WireStep& step) const {
    if (step.entry != 0 || step.app.empty() || step.is_unprompted) {
        return;
    }
    if (step.user_id.empty()) {
        const auto found = last_written_to_app_.find(step.app);
        step.entry = found == last_written_to_app_.end() ? 0 : found->second;
    } else {
        const auto found = last_written_.find({step.app, step.user_id});
        step.entry = found == last_written_.end() ? 0 : found->second;
    }
}

// What the app does for a member belongs to what the gateway says that it answers.
void RecordBook::place_call(WireStep& step) const {
    const auto found = answering_.find({step.app, step.user_id});
    if (step.entry == 0 && !step.is_unprompted && found != answering_.end()) {
        step.entry = found->second;
        step.is_unprompted = step.entry == 0;
    }
    place(step);
}

void RecordBook::happened() {
    ++happenings_;
    changed_.notify_all();
}

}  // namespace hermes::host::simulator
