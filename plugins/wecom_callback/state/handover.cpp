#include "state/handover.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "state/inbox_rows.hpp"
#include "state/store_context.hpp"

namespace hermes::wecom {
namespace {

constexpr int page_rows = 1'000;
// Between two pages of the backlog, so that neither waits for the other.
constexpr int hand_overs_between_pages = 256;
// After a row could not be read.
constexpr std::chrono::seconds read_retry_interval{1};
// So that what waits for them waits for minutes at most; further ones go with the others.
constexpr int alone_max = 30;

}  // namespace

Handover::Handover(StoreContext& context) : context_(context) {}

Handover::~Handover() {
    stop();
}

void Handover::start(Inbox::HandOver hand_over) {
    const std::lock_guard lock(mutex_);
    if (loading_ != Loading::not_begun || stopping_) {
        return;
    }
    hand_over_ = std::move(hand_over);
    loading_ = Loading::pages;
    thread_ = std::thread([this] { run(); });
}

std::vector<std::int64_t> Handover::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stopping_, true)) {
            return {};
        }
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
    const std::lock_guard lock(mutex_);
    auto charged = lanes_.charged();
    std::erase_if(charged, [this](std::int64_t seq) {  // chosen, but not written yet
        return std::any_of(ready_.begin(), ready_.end(), [seq](const Ready& ready) {
            return ready.event.seq == seq && ready.charge;
        });
    });
    std::erase_if(charged, [this](std::int64_t seq) {
        return std::find(outlived_.begin(), outlived_.end(), seq) != outlived_.end();
    });
    return charged;
}

void Handover::committed(std::int64_t seq, NewEvent event) {
    {
        const std::lock_guard lock(mutex_);
        committed_ = seq;
        if (loading_ != Loading::done || seq <= loaded_ || stopping_) {
            return;  // a page has it, or will
        }
        loaded_ = seq;
        const auto entry = lanes_.enter(event.account, event.chat, seq);
        if (entry == InboxLanes::Entry::waits) {
            return;  // for one to be settled, which wakes the thread
        }
        Ready ready;
        ready.event.seq = seq;
        ready.event.account = std::move(event.account);
        ready.event.chat = std::move(event.chat);
        ready.event.xml = std::move(event.xml);
        ready.charge = entry == InboxLanes::Entry::goes_first;
        ready_.push_back(std::move(ready));
    }
    changed_.notify_one();
}

void Handover::settle(std::int64_t seq) {
    std::optional<std::int64_t> oldest;
    {
        const std::lock_guard lock(mutex_);
        settling_.insert(seq);
        oldest = lanes_.settle(seq).oldest;
    }
    if (oldest) {
        mark(*oldest, 1);
    }
    changed_.notify_one();
}

void Handover::settled(std::int64_t seq) {
    std::optional<std::int64_t> oldest;
    {
        const std::lock_guard lock(mutex_);
        settling_.erase(seq);
        oldest = lanes_.settle(seq).oldest;
    }
    if (oldest) {
        mark(*oldest, 1);
    }
    changed_.notify_one();
}

void Handover::reload() {
    {
        const std::lock_guard lock(mutex_);
        if (loading_ != Loading::not_begun) {
            loading_ = Loading::pages;
            loaded_ = 0;
            ++loads_;
        }
    }
    changed_.notify_one();
}

std::optional<std::string> Handover::account_of(std::int64_t seq) const {
    const std::lock_guard lock(mutex_);
    return lanes_.account_of(seq);
}

bool Handover::has_work() const {
    return stopping_ || loading_ == Loading::pages || !ready_.empty() || lanes_.next().has_value();
}

void Handover::run() {
    Lock lock(mutex_);
    make_last_attempts(lock);
    int since_page = 0;
    while (!stopping_) {
        const auto next = lanes_.next();
        if (!ready_.empty()) {
            hand_over_ready(lock);
        } else if (loading_ == Loading::pages &&
                   (!next || ++since_page > hand_overs_between_pages)) {
            since_page = 0;
            load_page(lock);
        } else if (next) {
            hand_over_next(lock, *next);
        } else {
            changed_.wait(lock, [this] { return has_work(); });
        }
    }
}

void Handover::make_last_attempts(Lock& lock) {
    lock.unlock();
    const auto last = context_.handover_reader.read(
        [](Database& database) { return read_last_attempts(database, alone_max); });
    lock.lock();
    if (last.has_error()) {
        return;  // they go with the others
    }
    for (const auto seq : *last) {
        hand_over_alone(lock, seq);
        if (stopping_) {
            return;
        }
    }
    for (const auto seq : std::exchange(outlived_, {})) {
        mark(seq, 1);
    }
}

void Handover::hand_over_alone(Lock& lock, std::int64_t seq) {
    lock.unlock();
    auto row = context_.handover_reader.read(
        [seq](Database& database) { return read_event(database, seq); });
    lock.lock();
    if (row.has_error() || !*row || settling_.contains(seq) || stopping_) {
        return;
    }
    auto event = std::move(**row);
    const auto entry = lanes_.enter(event.account, event.chat, seq);
    if (entry != InboxLanes::Entry::goes_first) {  // another one of its chat is the oldest
        if (entry == InboxLanes::Entry::goes) {
            ready_.push_back({.event = std::move(event), .charge = false});
        }
        return;
    }
    mark(seq, 1, [this, seq](boost::system::error_code) {
        {
            const std::lock_guard guard(mutex_);
            charged_alone_ = seq;
        }
        changed_.notify_one();
    });
    // It may kill the process at once: that must not happen uncharged.
    changed_.wait(lock, [&] { return stopping_ || charged_alone_ == seq; });
    if (stopping_) {
        return;
    }
    lock.unlock();
    hand_over_(std::move(event));
    lock.lock();
    const auto is_over = [&] { return stopping_ || !lanes_.account_of(seq); };
    if (!changed_.wait_for(lock, context_.alone_time, is_over)) {
        outlived_.push_back(seq);
        mark(seq, -1);
    }
}

void Handover::hand_over_ready(Lock& lock) {
    auto ready = std::exchange(ready_, {});
    auto one = ready.begin();
    for (; one != ready.end() && !stopping_; ++one) {
        lock.unlock();
        give(std::move(*one));
        lock.lock();
    }
    ready_.insert(ready_.begin(), std::make_move_iterator(one),
                  std::make_move_iterator(ready.end()));
}

void Handover::hand_over_next(Lock& lock, std::int64_t seq) {
    if (settling_.contains(seq)) {
        lanes_.drop_next();
        return;
    }
    lock.unlock();
    auto row = context_.handover_reader.read(
        [seq](Database& database) { return read_event(database, seq); });
    lock.lock();
    if (row.has_error()) {
        pause(lock);
        return;
    }
    if (!*row || settling_.contains(seq)) {
        lanes_.drop_next();
        return;
    }
    Ready ready;
    ready.charge = lanes_.take_next();
    ready.event = std::move(**row);
    lock.unlock();
    give(std::move(ready));
    lock.lock();
}

void Handover::give(Ready ready) {
    mark(ready.event.seq, ready.charge ? 1 : 0);
    hand_over_(std::move(ready.event));
}

void Handover::mark(std::int64_t seq, int charge,
                    std::function<void(boost::system::error_code)> done) {
    Write write;
    write.done = std::move(done);
    write.apply = [seq, charge, run = context_.run.load()](Database& database) {
        mark_handed_over(database, seq, run, charge);
    };
    context_.writer->submit(std::move(write));
}

void Handover::load_page(Lock& lock) {
    const auto after = loaded_;
    const auto load = loads_;
    const auto committed_before = committed_;
    lock.unlock();
    auto page = context_.handover_reader.read(
        [after](Database& database) { return read_pending_events(database, after, page_rows); });
    lock.lock();
    if (page.has_error()) {
        pause(lock);
        return;
    }
    if (loads_ != load) {
        return;  // reload() came in between: from the beginning
    }
    take_in(*page);
    if (page->size() == page_rows) {
        loaded_ = page->back().seq;
        return;
    }
    // The last page held all that was there before it was read.
    loaded_ = std::max({after, committed_before, page->empty() ? 0 : page->back().seq});
    if (committed_ <= loaded_) {
        loading_ = Loading::done;
    }
}

void Handover::take_in(const std::vector<PendingEvent>& page) {
    for (const auto& event : page) {
        if (settling_.contains(event.seq) || lanes_.account_of(event.seq)) {
            continue;  // the host has it, or is finished with it
        }
        if (event.attempts >= event_attempts_max) {
            set_aside(event);
        } else {
            lanes_.add(event.account, event.chat, event.seq);
        }
    }
}

void Handover::set_aside(const PendingEvent& event) {
    DeadEvent dead;
    dead.seq = event.seq;
    dead.account = event.account;
    dead.chat = event.chat;
    dead.attempts = event.attempts;
    dead.reason =
        "was given to the agent " + std::to_string(event.attempts) + " times without being settled";
    Write write;
    write.apply = [dead, now_ms = context_.now_ms()](Database& database) {
        set_event_aside(database, dead.seq, dead.reason, now_ms);
    };
    write.done = [dead, &tell = context_.on_dead_event](boost::system::error_code error) {
        if (!error && tell) {
            tell(dead);
        }
    };
    context_.writer->submit(std::move(write));
}

void Handover::pause(Lock& lock) {
    changed_.wait_for(lock, read_retry_interval, [this] { return stopping_; });
}

}  // namespace hermes::wecom
