#include "durable/group_commit.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "durable/batch.hpp"
#include "durable/database.hpp"

namespace hermes::durable {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::seconds retry_interval{1};
// Idle work waits this long for a quiet moment, then takes its turn between two batches.
constexpr std::chrono::milliseconds idle_patience{100};

std::int64_t ticks_now() {
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

}  // namespace

class GroupCommit::Impl {
public:
    Impl(std::unique_ptr<Database> database, HealthHandler on_health, IdleWork idle)
        : database_(std::move(database)),
          on_health_(std::move(on_health)),
          idle_(std::move(idle)),
          idle_due_(std::chrono::steady_clock::now() + idle_.interval),
          thread_([this] { run(); }) {}

    void submit(Write write) {
        const bool refused =
            write.persistence == Persistence::fail_fast && under_way_for() > stuck_after;
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
        if (write.done) {
            write.done(refused ? StateError::stuck : StateError::stopped);
        }
    }

    StoreHealth health() const {
        auto health = known_health();
        return health.available && under_way_for() > stuck_after ? stuck_health() : health;
    }

    void watch() {
        {
            const std::lock_guard one_at_a_time(publish_mutex_);
            if (under_way_for() > stuck_after && known_health().available) {
                publish_locked(stuck_health());
            }
        }
    }

    std::size_t queued() const noexcept { return queued_; }

    void stop() noexcept {
        const std::lock_guard once(stop_mutex_);
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        {
            std::unique_lock lock(mutex_);
            while (!finished_changed_.wait_for(lock, stuck_after, [this] { return finished_; })) {
                hurried_ = true;
                database_->interrupt();
            }
        }
        if (thread_.joinable()) {
            thread_.join();
        }
    }

private:
    using Writes = std::vector<Write>;

    void run() {
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
        database_->resign();
        database_->close();
        const std::lock_guard lock(mutex_);
        finished_ = true;
        finished_changed_.notify_all();
    }

    // How long the batch under way has been so.
    std::chrono::nanoseconds under_way_for() const noexcept {
        const auto since = under_way_since_.load(std::memory_order_relaxed);
        return std::chrono::nanoseconds(since == 0 ? 0 : ticks_now() - since);
    }

    StoreHealth stuck_health() const {
        const StateFailure failure{StateError::stuck, {}};
        return {false, explain_unavailable(database_->location(), failure),
                summarize_unavailable(failure.error)};
    }

    BatchOutcome write(std::span<Write> writes) {
        under_way_since_ = ticks_now();
        auto outcome = write_batch(*database_, writes);
        under_way_since_ = 0;
        if (available_ && !outcome.failure) {
            publish({});  // watch() may have said otherwise
        }
        return outcome;
    }

    // True when the store is being stopped.
    bool wait_for_work() {
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

    Writes take_batch() {
        const std::lock_guard lock(mutex_);
        return take_from(arrivals_);
    }

    static Writes take_from(Writes& queue) {
        if (queue.size() <= batch_max) {
            return std::exchange(queue, {});
        }
        const auto end = queue.begin() + static_cast<std::ptrdiff_t>(batch_max);
        Writes batch(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
        queue.erase(queue.begin(), end);
        return batch;
    }

    // Returns whether the batch is written; otherwise its persistent writes wait in `backlog_`,
    // ahead of those that are there already.
    bool commit(Writes batch) {
        const auto outcome = write(batch);
        if (outcome.failure) {
            set_unavailable(*outcome.failure);
        }
        Writes kept;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto fate = i < outcome.fates.size() ? outcome.fates[i] : std::nullopt;
            if (!outcome.failure || fate) {
                tell(batch[i], fate.value_or(boost::system::error_code()));
            } else if (batch[i].persistence == Persistence::fail_fast) {
                tell(batch[i], outcome.failure->error);
            } else {
                kept.push_back(std::move(batch[i]));
            }
        }
        backlog_.insert(backlog_.begin(), std::make_move_iterator(kept.begin()),
                        std::make_move_iterator(kept.end()));
        return !outcome.failure;
    }

    void tell(Write& write, boost::system::error_code outcome) {
        --queued_;
        if (write.done) {
            write.done(outcome);
        }
    }

    // While unavailable: what can't wait is tried at once, the backlog (or, without one, a probe)
    // each second.
    void try_again() {
        auto arrivals = [this] {
            const std::lock_guard lock(mutex_);
            return std::exchange(arrivals_, {});
        }();
        const auto urgent = std::stable_partition(
            arrivals.begin(), arrivals.end(),
            [](const Write& write) { return write.persistence == Persistence::persistent; });
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

    bool write_backlog() {
        while (!backlog_.empty()) {
            if (!commit(take_from(backlog_))) {
                return false;
            }
        }
        return true;
    }

    bool probe() {
        std::vector<Write> one(1);
        one.front().apply = [](Database& database) { database.probe(); };
        const auto outcome = write(one);
        if (outcome.failure) {
            set_unavailable(*outcome.failure);
        }
        return !outcome.failure;
    }

    bool idle_work_due() {
        if (!idle_.piece) {
            return false;
        }
        const auto now = std::chrono::steady_clock::now();
        const std::lock_guard lock(mutex_);
        return now >=
               idle_due_ + (arrivals_.empty() ? std::chrono::milliseconds(0) : idle_patience);
    }

    void do_idle_work() {
        bool more = false;
        std::vector<Write> one(1);
        one.front().apply = [&](Database& database) { more = idle_.piece(database); };
        const auto outcome = write(one);
        if (outcome.failure) {
            set_unavailable(*outcome.failure);
        }
        const bool refused = !outcome.fates.empty();
        const auto pause = more && !refused ? std::chrono::milliseconds(0) : idle_.interval;
        idle_due_ = std::chrono::steady_clock::now() + pause;
    }

    // The store is being stopped: one more try for everything.
    void finish() {
        for (auto batch = take_batch(); !batch.empty(); batch = take_batch()) {
            std::move(batch.begin(), batch.end(), std::back_inserter(backlog_));
        }
        int failures = 0;
        while (!backlog_.empty() && failures < (hurried_ ? 1 : 2)) {
            failures += commit(take_from(backlog_)) ? 0 : 1;
        }
        for (auto& write : std::exchange(backlog_, {})) {
            tell(write, StateError::stopped);
        }
    }

    // A small write may fit on a disk that is as good as full: no coming and going each second.
    void set_available() {
        if (last_failure_ != StateError::full || database_->has_room()) {
            available_ = true;
            publish({});
        } else {
            retry_at_ = std::chrono::steady_clock::now() + retry_interval;
        }
    }

    void set_unavailable(const StateFailure& failure) {
        last_failure_ = failure.error;
        if (available_) {
            retry_at_ = std::chrono::steady_clock::now() + retry_interval;
        }
        available_ = false;
        publish({false, explain_unavailable(database_->location(), failure),
                 summarize_unavailable(failure.error)});
    }

    StoreHealth known_health() const {
        return health_.with([](const StoreHealth& known) { return known; });
    }

    void publish(const StoreHealth& now) {
        const std::lock_guard one_at_a_time(publish_mutex_);
        publish_locked(now);
    }

    void publish_locked(const StoreHealth& now) {
        const bool changed = health_.with([&](StoreHealth& health) {
            const bool differs = health.available != now.available || health.problem != now.problem;
            health = now;
            return differs;
        });
        if (changed && on_health_) {
            on_health_(now);
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    Writes arrivals_;        // under mutex_
    bool stopping_ = false;  // under mutex_
    bool finished_ = false;  // under mutex_: the thread has nothing more to do
    std::condition_variable finished_changed_;
    std::mutex stop_mutex_;  // held while the thread is joined
    std::mutex publish_mutex_;
    std::atomic<bool> hurried_{false};              // stop has waited long enough
    std::atomic<std::int64_t> under_way_since_{0};  // of the steady clock; 0: nothing is
    std::atomic<std::size_t> queued_{0};
    base::Guarded<StoreHealth> health_;

    // Of the writer thread.
    std::unique_ptr<Database> database_;
    HealthHandler on_health_;
    IdleWork idle_;
    SteadyTime idle_due_;
    SteadyTime retry_at_;
    Writes backlog_;  // persistent writes that failed; empty while available
    bool available_ = true;
    StateError last_failure_ = StateError::refused;
    std::thread thread_;  // last: starts when all else is there
};

GroupCommit::GroupCommit(std::unique_ptr<Database> database, HealthHandler on_health, IdleWork idle)
    : impl_(std::make_unique<Impl>(std::move(database), std::move(on_health), std::move(idle))) {}

GroupCommit::~GroupCommit() {
    stop();
}

void GroupCommit::submit(Write write) {
    impl_->submit(std::move(write));
}

StoreHealth GroupCommit::health() const {
    return impl_->health();
}

std::size_t GroupCommit::queued() const noexcept {
    return impl_->queued();
}

void GroupCommit::watch() {
    impl_->watch();
}

void GroupCommit::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::durable
