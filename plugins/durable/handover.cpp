#include "durable/handover.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "durable/inbox_rows.hpp"
#include "durable/store_context.hpp"

namespace hermes::durable {
namespace {

constexpr int page_rows = 1'000;
// Between two pages of the backlog, so that neither waits for the other.
constexpr int hand_overs_between_pages = 256;
// After a row could not be read.
constexpr std::chrono::seconds read_retry_interval{1};
// Then a stop gives up the connection that the thread reads from.
constexpr std::chrono::seconds stop_patience{1};
// As many as a crash can leave: the host works on far fewer at a time.
constexpr int alone_max = 1'000;
// All of them together, so that what waits for them waits for minutes at most.
constexpr std::chrono::milliseconds alone_time_all{300'000};

Urgency urgency_of(bool urgent) {
    return urgent ? Urgency::urgent : Urgency::ordinary;
}

}  // namespace

Handover::Handover(StoreContext& context) : context_(context) {}

Handover::~Handover() {
    stop();
}

void Handover::start(std::vector<std::string> accounts, Inbox::Handlers handlers) {
    const std::lock_guard lock(mutex_);
    if (loading_ != Loading::not_begun || stopping_) {
        return;
    }
    accounts_.insert(accounts.begin(), accounts.end());
    handlers_ = std::move(handlers);
    loading_ = Loading::pages;
    thread_ = std::thread([this] { run(); });
}

std::vector<std::pair<std::int64_t, int>> Handover::stop() noexcept {
    {
        Lock lock(mutex_);
        if (std::exchange(stopping_, true)) {
            return {};
        }
        changed_.notify_all();
        charge_changed_.notify_all();
        const auto finished = [this] { return finished_ || !thread_.joinable(); };
        while (!finished_changed_.wait_for(lock, stop_patience, finished)) {
            context_.handover_reader.interrupt();  // it may wait for a server that has gone
        }
    }
    if (thread_.joinable()) {
        thread_.join();
    }
    const std::lock_guard lock(mutex_);
    auto charged = lanes_.charged();
    for (const auto& [seq, attempt] :
         settling_) {  // the writer may stop before it has settled them
        if (attempt > 0) {
            charged.emplace_back(seq, attempt);
        }
    }
    return charged;
}

bool Handover::begin(std::int64_t seq) {
    Lock lock(mutex_);
    auto* flight = lanes_.in_flight(seq);
    if (stopping_ || flight == nullptr) {
        return false;
    }
    if (flight->charge == Charge::none) {
        flight->charge = Charge::being_written;
        Write write;
        write.apply = [seq, attempt = flight->attempt, run = context_.run.load()](
                          Database& database) { charge_attempt(database, seq, attempt, run); };
        // Refused for its own sake: the work goes on uncharged rather than not at all.
        write.done = [this, seq](boost::system::error_code error) {
            charged(seq, error == StateError::stopped ? Charge::none : Charge::durable);
        };
        // Under the lock: a stop takes back what it finds here, with a write that must come later.
        context_.writer->submit(std::move(write));
    }
    charge_changed_.wait(lock, [&] {
        flight = lanes_.in_flight(seq);
        return stopping_ || flight == nullptr || flight->charge != Charge::being_written;
    });
    return !stopping_ && flight != nullptr && flight->charge == Charge::durable;
}

void Handover::charged(std::int64_t seq, Charge charge) {
    {
        const std::lock_guard lock(mutex_);
        if (auto* flight = lanes_.in_flight(seq)) {
            flight->charge = charge;
        }
    }
    charge_changed_.notify_all();
}

void Handover::committed(std::int64_t seq, NewEvent event) {
    {
        const std::lock_guard lock(mutex_);
        committed_ = seq;
        if (loading_ != Loading::done || seq <= loaded_ || stopping_) {
            return;  // a page has it, or will
        }
        loaded_ = seq;
        if (!lanes_.enter(event.account, event.chat, seq, urgency_of(event.urgent))) {
            return;  // for one to be settled, which wakes the thread
        }
        StoredEvent stored;
        stored.seq = seq;
        stored.account = std::move(event.account);
        stored.chat = std::move(event.chat);
        stored.xml = std::move(event.xml);
        ready_.push_back(std::move(stored));
    }
    changed_.notify_one();
}

void Handover::settle(std::int64_t seq) {
    {
        const std::lock_guard lock(mutex_);
        const auto* flight = lanes_.in_flight(seq);
        const bool charged = flight != nullptr && flight->charge != Charge::none;
        settling_.emplace(seq, charged ? flight->attempt : 0);
        lanes_.settle(seq);
    }
    changed_.notify_one();
    charge_changed_.notify_all();
}

void Handover::settled(std::int64_t seq) {
    {
        const std::lock_guard lock(mutex_);
        settling_.erase(seq);
        lanes_.settle(seq);
    }
    changed_.notify_one();
    charge_changed_.notify_all();
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
    finished_ = true;
    finished_changed_.notify_all();
}

void Handover::make_last_attempts(Lock& lock) {
    lock.unlock();
    const auto last = context_.handover_reader.read(
        [](Database& database) { return read_last_attempts(database, alone_max); });
    lock.lock();
    if (last.has_error() || last->empty()) {
        return;  // they go with the others
    }
    const auto alone =
        std::min(context_.alone_time, alone_time_all / static_cast<std::int64_t>(last->size()));
    for (const auto seq : *last) {
        hand_over_alone(lock, seq, alone);
        if (stopping_) {
            return;
        }
    }
    for (const auto& [seq, attempt] : std::exchange(outlived_, {})) {
        if (auto* flight = lanes_.in_flight(seq)) {
            flight->charge = Charge::being_written;
            Write write;
            write.apply = [seq = seq, attempt = attempt, run = context_.run.load()](
                              Database& database) { charge_attempt(database, seq, attempt, run); };
            write.done = [this, seq = seq](boost::system::error_code) {
                charged(seq, Charge::durable);
            };
            context_.writer->submit(std::move(write));
        }
    }
}

void Handover::hand_over_alone(Lock& lock, std::int64_t seq, std::chrono::milliseconds alone) {
    lock.unlock();
    auto row = context_.handover_reader.read(
        [seq](Database& database) { return read_event(database, seq); });
    lock.lock();
    if (row.has_error() || !*row || settling_.contains(seq) || stopping_ ||
        !accounts_.contains((*row)->account)) {
        return;
    }
    auto event = std::move(**row);
    const int attempt = event.attempt;
    if (!lanes_.enter(event.account, event.chat, seq, Urgency::ordinary)) {
        return;  // the windows are full of those before it
    }
    lanes_.in_flight(seq)->attempt = attempt;
    lock.unlock();
    handlers_.hand_over(std::move(event));
    lock.lock();
    const auto is_over = [&] { return stopping_ || !lanes_.is_in_flight(seq); };
    if (!changed_.wait_for(lock, alone, is_over)) {
        auto* flight = lanes_.in_flight(seq);
        if (flight->charge == Charge::none) {
            return;  // the agent has not begun with it
        }
        outlived_.emplace_back(seq, attempt);
        Write write;
        write.apply = [seq, attempt](Database& database) {
            set_attempts(database, seq, attempt - 1);
        };
        context_.writer->submit(std::move(write));
    }
}

void Handover::hand_over_ready(Lock& lock) {
    auto ready = std::exchange(ready_, {});
    auto one = ready.begin();
    for (; one != ready.end() && !stopping_; ++one) {
        lock.unlock();
        handlers_.hand_over(std::move(*one));
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
    if (lanes_.next() != seq) {
        return;  // an urgent one came in between
    }
    if (row.has_error()) {
        pause(lock);
        return;
    }
    if (!*row || settling_.contains(seq)) {
        lanes_.drop_next();
        return;
    }
    lanes_.take_next((*row)->attempt);
    lock.unlock();
    handlers_.hand_over(std::move(**row));
    lock.lock();
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
    std::vector<std::string> unknown;
    take_in(*page, unknown);
    if (!unknown.empty() && handlers_.on_unknown_account) {
        lock.unlock();
        for (const auto& account : unknown) {
            handlers_.on_unknown_account(account);
        }
        lock.lock();
        if (loads_ != load) {
            return;
        }
    }
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

void Handover::take_in(const std::vector<PendingEvent>& page, std::vector<std::string>& unknown) {
    for (const auto& event : page) {
        if (settling_.contains(event.seq) || lanes_.is_in_flight(event.seq)) {
            continue;  // the host has it, or is finished with it
        }
        if (event.attempts >= event_attempts_max) {
            set_aside(event);
        } else if (accounts_.contains(event.account)) {
            lanes_.add(event.account, event.chat, event.seq, urgency_of(event.urgent));
        } else if (unknown_accounts_.insert(event.account).second) {
            unknown.push_back(event.account);
        }
    }
}

void Handover::set_aside(const PendingEvent& event) {
    DeadEvent dead;
    dead.seq = event.seq;
    dead.account = event.account;
    dead.chat = event.chat;
    dead.attempts = event.attempts;
    dead.reason = "the agent began with it " + std::to_string(event.attempts) +
                  " times and the gateway ended each time";
    auto changed = std::make_shared<bool>(false);  // not if a page was read twice meanwhile
    Write write;
    write.apply = [dead, changed, now = context_.now()](Database& database) {
        *changed = set_event_aside(database, dead.seq, dead.reason, now);
    };
    write.done = [dead, changed, &tell = context_.on_dead_event](boost::system::error_code error) {
        if (!error && *changed && tell) {
            tell(dead);
        }
    };
    context_.writer->submit(std::move(write));
}

void Handover::pause(Lock& lock) {
    changed_.wait_for(lock, read_retry_interval, [this] { return stopping_; });
}

}  // namespace hermes::durable
