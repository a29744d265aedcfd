#include "durable/database/group_commit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "durable/database/database.hpp"

namespace hermes::durable {
namespace {

constexpr std::chrono::seconds retry_interval{1};
// Of a stop for each further attempt, once it has waited for one that does not end.
constexpr std::chrono::seconds hurried_patience{1};
// Idle work waits this long for a quiet moment, then takes its turn between two batches.
constexpr std::chrono::milliseconds idle_patience{100};

std::vector<std::unique_ptr<Write>> take_from(std::vector<std::unique_ptr<Write>>& queue) {
    if (queue.size() <= batch_max) {
        return std::exchange(queue, {});
    }
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(batch_max);
    std::vector<std::unique_ptr<Write>> batch(std::make_move_iterator(queue.begin()),
                                              std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return batch;
}

}  // namespace

GroupCommit::GroupCommit(std::unique_ptr<Database> database, base::EventLoop& loop,
                         HealthHandler on_health, IdleWork idle, HeardHandler on_heard,
                         CommitHandler on_commit)
    : loop_(loop),
      database_(std::move(database)),
      on_health_(std::move(on_health)),
      on_heard_(std::move(on_heard)),
      idle_(std::move(idle)),
      on_commit_(std::move(on_commit)),
      idle_due_(std::chrono::steady_clock::now() + idle_.interval),
      thread_([this] { run(); }) {}

GroupCommit::~GroupCommit() {
    stop();
}

void GroupCommit::submit(std::unique_ptr<Write> write) {
    const bool refused =
        write->persistence == Persistence::fail_fast && under_way_.time() > stuck_after;
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && !refused) {
            const bool first = arrivals_.empty();
            arrivals_.push_back(std::move(write));
            ++queued_;
            if (first) {
                wake_.notify_one();
            }
            return;
        }
    }
    // The writer can't tell: it is busy, or no more.
    const auto error = refused ? StateError::stuck : StateError::stopped;
    loop_.post([write = std::move(write), error] { write->done(error); });
}

StoreHealth GroupCommit::health() const {
    auto health = known_health();
    return health.available && under_way_.time() > stuck_after ? stuck_health() : health;
}

void GroupCommit::watch() {
    database_->watch();
    const std::lock_guard one_at_a_time(publish_mutex_);
    if (under_way_.time() > stuck_after && known_health().available) {
        publish_locked(stuck_health());
    }
}

void GroupCommit::look_after(soci::session& other) {
    if (under_way_.time() > stuck_after && database_->is_idle_for_server(other)) {
        database_->interrupt();
    }
}

void GroupCommit::stop() noexcept {
    const std::lock_guard once(stop_mutex_);
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    {
        const auto began = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        while (!finished_changed_.wait_for(lock, hurried_patience, [this] { return finished_; })) {
            // One that has much to write, and does, is let go on.
            const auto waited = std::chrono::steady_clock::now() - began;
            if (hurried_ || under_way_.time() > stuck_after ||
                (waited > stuck_after && !known_health().available)) {
                hurried_ = true;
                database_->interrupt();
            }
        }
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void GroupCommit::run() {
    while (!wait_for_work()) {
        if (!available_) {
            try_again();
        } else if (auto batch = take_batch(); !batch.empty()) {
            commit(std::move(batch));
        }
        if (available_ && idle_work_due()) {
            do_idle_work();
        }
    }
    finish();
    {
        const UnderWay::Call call(under_way_);
        database_->resign();
    }
    database_->close();
    const std::lock_guard lock(mutex_);
    finished_ = true;
    finished_changed_.notify_all();
}

// True when the store is being stopped.
bool GroupCommit::wait_for_work() {
    std::unique_lock lock(mutex_);
    const auto something = [this] { return stopping_ || !arrivals_.empty(); };
    if (available_) {
        if (idle_.piece) {
            wake_.wait_until(lock, idle_due_, something);
        } else {
            wake_.wait(lock, something);
        }
    } else {
        wake_.wait_until(lock, retry_at_, something);
    }
    return stopping_;
}

GroupCommit::Writes GroupCommit::take_batch() {
    const std::lock_guard lock(mutex_);
    return take_from(arrivals_);
}

BatchOutcome GroupCommit::write(std::span<const std::unique_ptr<Write>> writes) {
    UnderWay::Duration took{};
    BatchOutcome outcome;
    {
        const UnderWay::Call call(under_way_);
        outcome = write_batch(*database_, writes);
        took = under_way_.time();
    }
    if (on_commit_ && !outcome.failure && !writes.empty()) {
        on_commit_(writes.size(), took);
    }
    if (on_heard_) {
        if (auto words = database_->take_heard(); !words.empty()) {
            on_heard_(std::move(words));
        }
    }
    if (available_ && !outcome.failure) {
        publish({});  // watch() may have said otherwise
    }
    return outcome;
}

// One that nobody has submitted.
template <typename Apply>
BatchOutcome GroupCommit::write_own(Apply apply) {
    const auto one = make_write(Persistence::fail_fast, std::move(apply), [](const auto&) {});
    auto outcome = write({&one, 1});
    if (outcome.failure) {
        set_unavailable(*outcome.failure);
    }
    return outcome;
}

// Returns whether the batch is written; otherwise its persistent writes wait in `backlog_`, ahead
// of those that are there already.
bool GroupCommit::commit(Writes batch) {
    const auto outcome = write(batch);
    if (outcome.failure) {
        set_unavailable(*outcome.failure);
    }
    Writes kept;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto fate = i < outcome.fates.size() ? outcome.fates[i] : std::nullopt;
        if (!outcome.failure || fate) {
            tell(*batch[i], fate.value_or(boost::system::error_code()));
        } else if (batch[i]->persistence == Persistence::fail_fast) {
            tell(*batch[i], outcome.failure->error);
        } else {
            kept.push_back(std::move(batch[i]));
        }
    }
    backlog_.insert(backlog_.begin(), std::make_move_iterator(kept.begin()),
                    std::make_move_iterator(kept.end()));
    return !outcome.failure;
}

void GroupCommit::tell(Write& write, boost::system::error_code outcome) {
    --queued_;
    write.done(outcome);
}

// While unavailable: what can't wait is tried at once, the backlog (or, without one, a probe) each
// second.
void GroupCommit::try_again() {
    auto arrivals = [this] {
        const std::lock_guard lock(mutex_);
        return std::exchange(arrivals_, {});
    }();
    const auto urgent = std::stable_partition(
        arrivals.begin(), arrivals.end(),
        [](const auto& write) { return write->persistence == Persistence::persistent; });
    Writes hurry(std::make_move_iterator(urgent), std::make_move_iterator(arrivals.end()));
    std::move(arrivals.begin(), urgent, std::back_inserter(backlog_));
    if (!hurry.empty() && commit(std::move(hurry)) && backlog_.empty()) {
        set_available();
    }
    if (available_ || std::chrono::steady_clock::now() < retry_at_) {
        return;
    }
    if (write_backlog() && probe()) {
        set_available();
    } else {
        retry_at_ = std::chrono::steady_clock::now() + retry_interval;
    }
}

bool GroupCommit::write_backlog() {
    while (!backlog_.empty()) {
        if (!commit(take_from(backlog_))) {
            return false;
        }
    }
    return true;
}

bool GroupCommit::probe() {
    return !write_own([](Database& database) { database.probe(); }).failure;
}

bool GroupCommit::idle_work_due() {
    if (!idle_.piece) {
        return false;
    }
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    return now >= idle_due_ + (arrivals_.empty() ? std::chrono::milliseconds(0) : idle_patience);
}

void GroupCommit::do_idle_work() {
    bool more = false;
    const auto outcome = write_own([&](Database& database) { more = idle_.piece(database); });
    const bool refused = !outcome.fates.empty();
    const auto pause = more && !refused ? std::chrono::milliseconds(0) : idle_.interval;
    idle_due_ = std::chrono::steady_clock::now() + pause;
}

// The store is being stopped: one more try for everything.
void GroupCommit::finish() {
    for (auto batch = take_batch(); !batch.empty(); batch = take_batch()) {
        std::move(batch.begin(), batch.end(), std::back_inserter(backlog_));
    }
    int failures = 0;
    while (!backlog_.empty() && failures < (hurried_ ? 1 : 2)) {
        failures += commit(take_from(backlog_)) ? 0 : 1;
    }
    for (const auto& write : std::exchange(backlog_, {})) {
        tell(*write, StateError::stopped);
    }
}

StoreHealth GroupCommit::stuck_health() const {
    const StateFailure failure{StateError::stuck, {}};
    return {false, explain_unavailable(database_->location(), failure),
            summarize_unavailable(failure.error)};
}

// A small write may fit on a disk that is as good as full: no coming and going each second.
void GroupCommit::set_available() {
    if (last_failure_ != StateError::full || database_->has_room()) {
        available_ = true;
        publish({});
    } else {
        retry_at_ = std::chrono::steady_clock::now() + retry_interval;
    }
}

void GroupCommit::set_unavailable(const StateFailure& failure) {
    last_failure_ = failure.error;
    if (available_) {
        retry_at_ = std::chrono::steady_clock::now() + retry_interval;
    }
    available_ = false;
    publish({false, explain_unavailable(database_->location(), failure),
             summarize_unavailable(failure.error)});
}

StoreHealth GroupCommit::known_health() const {
    return health_.with([](const StoreHealth& known) { return known; });
}

void GroupCommit::publish(const StoreHealth& now) {
    const std::lock_guard one_at_a_time(publish_mutex_);
    publish_locked(now);
}

void GroupCommit::publish_locked(const StoreHealth& now) {
    const bool changed = health_.with([&](StoreHealth& health) {
        const bool differs = health.available != now.available || health.problem != now.problem;
        health = now;
        return differs;
    });
    if (changed && on_health_) {
        on_health_(now);
    }
}

}  // namespace hermes::durable
