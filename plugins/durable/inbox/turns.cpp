#include "durable/inbox/turns.hpp"

#include <algorithm>
#include <iterator>

namespace hermes::durable {
namespace {

Urgency urgency_of(bool urgent) {
    return urgent ? Urgency::urgent : Urgency::ordinary;
}

Readiness readiness_of(bool has_files) {
    return has_files ? Readiness::awaited : Readiness::ready;
}

}  // namespace

void Turns::start(const std::vector<std::string>& accounts) {
    if (!std::exchange(has_begun_, true)) {
        accounts_.insert(accounts.begin(), accounts.end());
        apart_ = own_;
    }
}

void Turns::configure(const std::vector<std::string>& accounts) {
    accounts_ = {accounts.begin(), accounts.end()};
    std::erase_if(unknown_accounts_,
                  [this](const auto& known) { return accounts_.contains(known); });
    reload();  // what has waited for one of them
}

Step Turns::next(base::SteadyTime now) {
    if (stopped_) {
        return Wait{};
    }
    if (alone_is_over(now)) {
        end_alone();
    }
    const bool is_looking = reading_ == Reading::last_attempts || reading_ == Reading::alone;
    if (has_begun_ && !apart_.empty() && fresh_.empty() && !is_looking && !alone_ &&
        last_attempts_.empty()) {
        end_last_attempts();
    }
    if (!steps_.empty()) {
        auto step = std::move(steps_.front());
        steps_.pop_front();
        return step;
    }
    if (reading_ != Reading::nothing) {
        return wait();
    }
    if (read_at_ && now < *read_at_) {
        return wait(read_at_);
    }
    read_at_.reset();
    return read_next();
}

Wait Turns::wait(std::optional<base::SteadyTime> until) const {
    if (alone_ && (!until || alone_->until < *until)) {
        until = alone_->until;
    }
    return Wait{until};
}

Step Turns::read_next() {
    if (!has_begun_) {
        return Wait{};
    }
    if (!fresh_.empty()) {
        reading_ = Reading::last_attempts;
        last_attempts_of_ = fresh_;
        return ReadLastAttempts{limits_.last_attempts, fresh_};
    }
    if (!alone_ && !last_attempts_.empty()) {
        reading_ = Reading::alone;
        return ReadEvent{last_attempts_.front()};
    }
    return page_or_event();
}

Step Turns::page_or_event() {
    if (open().empty()) {
        return wait();
    }
    auto next = lanes_.next();
    while (next && settling_.contains(*next)) {
        lanes_.drop_next();
        next = lanes_.next();
    }
    if (loading_ && (!next || ++since_page_ > limits_.hand_overs_between_pages)) {
        since_page_ = 0;
        reading_ = Reading::page;
        committed_before_ = committed_;
        page_is_stale_ = false;
        return ReadPage{loaded_, limits_.page_rows, open()};
    }
    if (!loading_ && !stored_.empty()) {
        reading_ = Reading::stored;
        return ReadStored{take_stored()};
    }
    if (!next) {
        return wait();
    }
    reading_ = Reading::event;
    event_asked_for_ = *next;
    return ReadEvent{*next};
}

bool Turns::alone_is_over(base::SteadyTime now) const {
    return alone_ && (now >= alone_->until || !lanes_.is_in_flight(alone_->seq));
}

void Turns::end_alone() {
    const auto* flight = lanes_.in_flight(alone_->seq);
    if (flight != nullptr && flight->charge != Charge::none) {  // the agent has begun with it
        outlived_.emplace_back(alone_->seq, alone_->attempt);
        steps_.push_back(TakeChargeBack{alone_->seq, alone_->attempt});
    }
    alone_.reset();
}

void Turns::end_last_attempts() {
    for (const auto& [seq, attempt] : std::exchange(outlived_, {})) {
        if (auto* flight = lanes_.in_flight(seq)) {
            flight->charge = Charge::being_written;
            steps_.push_back(WriteCharge{seq, attempt, lanes_.shard_of(seq), true});
        }
    }
    apart_ = {};
    reload();
}

void Turns::last_attempts_read(std::vector<std::int64_t> seqs) {
    reading_ = Reading::nothing;
    if (last_attempts_of_ != fresh_) {
        return;  // again, with those that came since
    }
    fresh_ = {};
    // Behind those of other shards whose turn has not come yet.
    std::ranges::copy_if(seqs, std::back_inserter(last_attempts_), [this](std::int64_t seq) {
        return std::ranges::find(last_attempts_, seq) == last_attempts_.end();
    });
    if (!last_attempts_.empty()) {
        const auto count = static_cast<std::int64_t>(last_attempts_.size());
        share_ = std::min(limits_.alone, limits_.alone_all / count);
    }
}

void Turns::event_read(std::optional<StoredEvent> event, base::SteadyTime now) {
    if (std::exchange(reading_, Reading::nothing) == Reading::alone) {
        last_attempts_.pop_front();
        if (event && !is_with_host(event->seq) && accounts_.contains(event->account) &&
            (own_ - held_back_).contain(shard_of(event->account, event->chat))) {
            alone_read(std::move(*event), now);
        }
        return;
    }
    if (lanes_.next() != event_asked_for_) {
        return;  // an urgent one came in between, or a window closed: it is read again
    }
    if (!event || settling_.contains(event->seq)) {
        lanes_.drop_next();
        return;
    }
    if (!accounts_.contains(event->account)) {
        lanes_.drop_next();
        tell_if_unknown(event->account);
        return;
    }
    take_next(std::move(*event));
}

void Turns::take_next(StoredEvent event) {
    lanes_.take_next(event.attempt, readiness_of(event.has_files));
    give(std::move(event));
}

void Turns::give(StoredEvent event) {
    if (event.has_files) {
        steps_.push_back(MakeReady{std::move(event)});
    } else {
        steps_.push_back(HandOver{std::move(event)});
    }
}

void Turns::ready(StoredEvent event, base::SteadyTime now) {
    if (stopped_ || !lanes_.make_ready(event.seq)) {
        return;
    }
    if (alone_ && alone_->seq == event.seq) {
        alone_->until = now + share_;  // which is the host's
    }
    steps_.push_back(HandOver{std::move(event)});
}

void Turns::alone_read(StoredEvent event, base::SteadyTime now) {
    const auto seq = event.seq;
    if (!lanes_.enter(event.account, event.chat, seq, Urgency::ordinary,
                      readiness_of(event.has_files))) {
        return;  // the windows are full of those before it
    }
    lanes_.in_flight(seq)->attempt = event.attempt;
    alone_ = Alone{seq, event.attempt, now + share_};
    give(std::move(event));
}

void Turns::page_read(const std::vector<PendingEvent>& page) {
    reading_ = Reading::nothing;
    if (page_is_stale_) {
        return;  // from the beginning
    }
    for (const auto& event : page) {
        take_in(event);
    }
    if (page.size() == static_cast<std::size_t>(limits_.page_rows)) {
        loaded_ = page.back().seq;
        return;
    }
    // The last page held all that was there before it was read.
    loaded_ = std::max({loaded_, committed_before_, page.empty() ? 0 : page.back().seq});
    loading_ = !is_shared_ && committed_ > loaded_;
}

void Turns::not_read(base::SteadyTime now) {
    if (std::exchange(reading_, Reading::nothing) == Reading::stored) {
        reload();  // what was to be looked at is found there
    }
    read_at_ = now + limits_.read_again;
}

bool Turns::take_in(const PendingEvent& event) {
    if (is_with_host(event.seq)) {
        return false;
    }
    if (!is_open(event.account, event.chat)) {
        return false;  // another gateway has it
    }
    if (event.attempts >= event_attempts_max) {
        set_aside(event);
        return false;
    }
    if (!accounts_.contains(event.account)) {
        tell_if_unknown(event.account);
        return false;
    }
    return lanes_.add(event.account, event.chat, event.seq, urgency_of(event.urgent));
}

void Turns::tell_if_unknown(const std::string& account) {
    if (unknown_accounts_.insert(account).second) {
        steps_.push_back(TellUnknown{account});
    }
}

void Turns::set_aside(const PendingEvent& event) {
    DeadEvent dead;
    dead.seq = event.seq;
    dead.account = event.account;
    dead.chat = event.chat;
    dead.attempts = event.attempts;
    dead.reason = "the agent began with it " + std::to_string(event.attempts) +
                  " times and the gateway ended each time";
    steps_.push_back(SetAside{std::move(dead)});
}

void Turns::committed(std::int64_t seq, NewEvent event) {
    if (stopped_ || !is_open(event.account, event.chat)) {
        return;
    }
    committed_ = std::max(committed_, seq);
    const bool others_first = !stored_.empty() || reading_ == Reading::stored;
    if (is_shared_ && (loading_ || seq <= loaded_ || others_first)) {
        stored_.push_back(seq);  // a page that was read meanwhile may lack it
        return;
    }
    if (loading_ || seq <= loaded_) {
        return;  // a page has it, or will
    }
    loaded_ = seq;
    if (!accounts_.contains(event.account)) {
        tell_if_unknown(event.account);
        return;
    }
    if (!lanes_.enter(event.account, event.chat, seq, urgency_of(event.urgent),
                      readiness_of(event.has_files))) {
        return;  // for one to be settled
    }
    StoredEvent stored;
    stored.seq = seq;
    stored.account = std::move(event.account);
    stored.chat = std::move(event.chat);
    stored.payload = std::move(event.payload);
    stored.has_files = event.has_files;
    give(std::move(stored));
}

void Turns::settle(std::int64_t seq) {
    const auto* flight = lanes_.in_flight(seq);
    const bool charged = flight != nullptr && flight->charge != Charge::none;
    settling_.emplace(seq, charged ? flight->attempt : 0);
    lanes_.settle(seq);
}

void Turns::settled(std::int64_t seq) {
    settling_.erase(seq);
    lanes_.settle(seq);
}

void Turns::reload() {
    loading_ = true;
    loaded_ = 0;
    page_is_stale_ = true;
    read_at_.reset();
}

Charge Turns::begin(std::int64_t seq) {
    auto* flight = stopped_ ? nullptr : lanes_.in_flight(seq);
    if (flight == nullptr) {
        return Charge::none;
    }
    if (flight->charge == Charge::none) {
        flight->charge = Charge::being_written;
        steps_.push_back(WriteCharge{seq, flight->attempt, lanes_.shard_of(seq)});
    }
    return flight->charge;
}

void Turns::charged(std::int64_t seq, Charge charge) {
    if (auto* flight = lanes_.in_flight(seq)) {
        flight->charge = charge;
    }
}

std::vector<TakeChargeBack> Turns::stop() {
    stopped_ = true;
    std::vector<TakeChargeBack> charges;
    for (const auto& [seq, attempt] : lanes_.charged()) {
        charges.push_back({seq, attempt});
    }
    for (const auto& [seq, attempt] : settling_) {
        if (attempt > 0) {
            charges.push_back({seq, attempt});
        }
    }
    return charges;
}

}  // namespace hermes::durable
