#include "durable/inbox/handover.hpp"

#include <cassert>
#include <memory>
#include <utility>
#include <variant>

#include "durable/cluster/cluster_rows.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/reads.hpp"
#include "durable/inbox/inbox_batches.hpp"
#include "durable/inbox/inbox_rows.hpp"

namespace hermes::durable {
namespace {

class SettingAside final : public Write {
public:
    SettingAside(DeadEvent event, std::int64_t run, RowTime now,
                 const std::function<void(const DeadEvent&)>& tell, const base::Log& log)
        : Write(Persistence::persistent),
          event_(std::move(event)),
          run_(run),
          now_(now),
          tell_(tell),
          log_(log, "the end of event " + std::to_string(event_.seq)) {}

    void apply(Database& database) override {
        // If it is another gateway's by now, that one may be at work on its last attempt.
        changed_ = hold_shard(database, run_, shard_of(event_.account, event_.chat)) &&
                   set_event_aside(database, event_.seq, event_.reason, now_);
    }
    void done(boost::system::error_code error) override {
        log_(error);
        if (!error && changed_ && tell_) {
            tell_(event_);
        }
    }

private:
    DeadEvent event_;
    std::int64_t run_;
    RowTime now_;
    const std::function<void(const DeadEvent&)>& tell_;
    LogFailure log_;
    bool changed_ = false;  // not if a page was read twice meanwhile
};

}  // namespace

Handover::Handover(base::EventLoop& loop, Reads& reads, GroupCommit& writer, const RowClock& clock,
                   const std::atomic<std::int64_t>& run, const base::Log& log,
                   HandoverOptions options)
    : loop_(loop),
      reads_(reads),
      writer_(writer),
      clock_(clock),
      run_(run),
      log_(log),
      on_dead_event_(std::move(options.on_dead_event)),
      turns_({.alone = options.alone_time}, options.own) {}

// Something has happened; `change` tells `turns_` what.
template <typename Change>
void Handover::post(Change change) {
    loop_.post([this, change = std::move(change)]() mutable {
        change();
        go_on();
    });
}

void Handover::start(std::vector<std::string> accounts, Inbox::Handlers handlers) {
    post([this, accounts = std::move(accounts), handlers = std::move(handlers)]() mutable {
        if (!handlers_.hand_over) {
            handlers_ = std::move(handlers);
            turns_.start(accounts);
        }
    });
}

void Handover::configure(std::vector<std::string> accounts) {
    post([this, accounts = std::move(accounts)] { turns_.configure(accounts); });
}

std::vector<TakeChargeBack> Handover::stop() noexcept {
    if (stopping_.exchange(true)) {
        return {};
    }
    std::promise<std::vector<TakeChargeBack>> stopped;
    const bool posted = loop_.post([&] {
        loop_.cancel(timer_);
        for (auto& [seq, begun] : std::exchange(beginning_, {})) {
            begun.set_value(false);
        }
        stopped.set_value(turns_.stop());
    });
    return posted ? stopped.get_future().get() : std::vector<TakeChargeBack>();
}

bool Handover::begin(std::int64_t seq) {
    assert(!loop_.is_this_thread());
    std::promise<bool> promise;
    auto begun = promise.get_future();
    const bool asked =
        !stopping_ && loop_.post([this, seq, promise = std::move(promise)]() mutable {
            begin_here(seq, std::move(promise));
        });
    return asked && begun.get() && !stopping_;
}

void Handover::begin_here(std::int64_t seq, std::promise<bool> begun) {
    const auto charge = turns_.begin(seq);
    if (charge == Charge::being_written) {
        beginning_.emplace(seq, std::move(begun));
        go_on();
    } else {
        begun.set_value(charge == Charge::durable);
    }
}

void Handover::end_waiting(std::int64_t seq, bool begun) {
    const auto [first, last] = beginning_.equal_range(seq);
    for (auto one = first; one != last; ++one) {
        one->second.set_value(begun);
    }
    beginning_.erase(first, last);
}

void Handover::committed(std::int64_t seq, NewEvent event) {
    post([this, seq, event = std::move(event)]() mutable {
        turns_.committed(seq, std::move(event));
    });
}

void Handover::settle(std::int64_t seq) {
    post([this, seq] {
        turns_.settle(seq);
        end_waiting(seq, false);
    });
}

void Handover::settled(std::int64_t seq) {
    post([this, seq] {
        turns_.settled(seq);
        end_waiting(seq, false);
    });
}

void Handover::reload() {
    post([this] { turns_.reload(); });
}

void Handover::take(Shards shards) {
    turns_.take(shards);
    go_on();
}

void Handover::withdraw(const std::vector<std::int64_t>& seqs) {
    if (handlers_.on_withdrawn) {
        for (const auto seq : seqs) {
            handlers_.on_withdrawn(seq);
        }
    }
}

void Handover::hold_back(Shards shards) {
    withdraw(turns_.hold_back(shards));  // go_on() follows
}

void Handover::leave(Shards shards) {
    withdraw(turns_.leave(shards));
    for (auto one = beginning_.begin(); one != beginning_.end();) {
        if (turns_.is_in_flight(one->first)) {
            ++one;
        } else {
            one->second.set_value(false);
            one = beginning_.erase(one);
        }
    }
    go_on();
}

void Handover::look_at(const Stored& stored) {
    if (stored.is_anything) {
        turns_.reload();
    }
    turns_.look_at(stored.events);
    go_on();
}

void Handover::go_on() {
    for (bool more = true; more && !stopping_;) {
        auto step = turns_.next(loop_.now());
        more = !std::holds_alternative<Wait>(step);
        std::visit([this](auto& one) { carry_out(std::move(one)); }, step);
    }
}

void Handover::carry_out(Wait step) {
    if (step.until == wakes_at_) {
        return;
    }
    loop_.cancel(timer_);
    wakes_at_ = step.until;
    if (wakes_at_) {
        timer_ = loop_.at(*wakes_at_, [this] {
            wakes_at_.reset();
            go_on();
        });
    }
}

void Handover::carry_out(HandOver step) {
    accounts_.put(step.event.seq, step.event.account);
    handlers_.hand_over(std::move(step.event));
}

void Handover::carry_out(MakeReady step) {
    if (!handlers_.make_ready) {
        turns_.ready(std::move(step.event), loop_.now());
        return;
    }
    handlers_.make_ready(std::move(step.event), [this](StoredEvent event) {
        post([this, event = std::move(event)]() mutable {
            turns_.ready(std::move(event), loop_.now());
        });
    });
}

void Handover::carry_out(const TellUnknown& step) {
    if (handlers_.on_unknown_account) {
        handlers_.on_unknown_account(step.account);
    }
}

// `take` tells `turns_` what was read.
template <typename Read, typename Take>
void Handover::read(Read how, Take take) {
    reads_.read(std::move(how), [this, take = std::move(take)](auto answer) mutable {
        if (answer.has_error()) {
            turns_.not_read(loop_.now());
        } else {
            take(*std::move(answer));
        }
        go_on();
    });
}

void Handover::carry_out(ReadLastAttempts step) {
    read([step](Database& database) { return read_last_attempts(database, step.own, step.limit); },
         [this](std::vector<std::int64_t> seqs) {
             if (!seqs.empty()) {
                 log_(base::Severity::info,
                      "events with one attempt left: " + std::to_string(seqs.size()) +
                          ", each has it alone; others that were left wait");
             }
             turns_.last_attempts_read(std::move(seqs));
         });
}

void Handover::carry_out(ReadPage step) {
    read(
        [step](Database& database) {
            return read_pending_events(database, step.own, step.after, step.limit);
        },
        [this](const std::vector<PendingEvent>& page) { turns_.page_read(page); });
}

void Handover::carry_out(ReadStored step) {
    read([seqs =
              std::move(step.seqs)](Database& database) { return read_if_pending(database, seqs); },
         [this](std::vector<StoredEvent> events) { turns_.stored_read(std::move(events)); });
}

void Handover::carry_out(ReadEvent step) {
    read([step](Database& database) { return read_event(database, step.seq); },
         [this](std::optional<StoredEvent> event) {
             turns_.event_read(std::move(event), loop_.now());
         });
}

namespace {

// What came of a charge that the database took.
enum class Charged {
    yes,
    elsewhere,  // another gateway has the chat: Cluster finds that out, too
    finished,   // somebody has settled the event, or set it aside
};

}  // namespace

void Handover::carry_out(WriteCharge step) {
    auto charged = std::make_shared<Charged>(Charged::yes);
    const auto run = run_.load();
    const auto now = clock_.now();
    writer_.submit(make_write(
        Persistence::persistent,
        [step, charged, run, now](Database& database) {
            if (!hold_shard(database, run, step.shard)) {
                *charged = Charged::elsewhere;
            } else {
                const auto begun = step.is_anew ? std::nullopt : std::optional(now);
                *charged = charge_attempt(database, step.seq, step.attempt, run, begun)
                               ? Charged::yes
                               : Charged::finished;
            }
        },
        [this, charged, seq = step.seq,
         log = LogFailure(log_, "an attempt at event " + std::to_string(step.seq))](
            boost::system::error_code error) {
            log(error);
            if (!error && *charged == Charged::finished) {
                settled(seq);
                return;
            }
            // Refused for its own sake: the work goes on uncharged rather than not at all.
            const bool may_begin = error ? error != StateError::stopped : *charged == Charged::yes;
            const bool is_refused = !error && *charged == Charged::elsewhere;
            post([this, seq, may_begin, is_refused] {
                turns_.charged(seq, may_begin ? Charge::durable : Charge::none);
                end_waiting(seq, may_begin);
                if (is_refused) {
                    withdraw(turns_.refused(seq));
                }
            });
        },
        [step, run, now](Database& database) {
            // Gathered it could come before what it must follow.
            if (!step.is_anew && database.holds(step.shard)) {
                gather_charge(database, step.seq, step.attempt, run, now);
            }
        }));
}

void Handover::carry_out(TakeChargeBack step) {
    writer_.submit(make_write(
        Persistence::persistent,
        [step, run = run_.load()](Database& database) {
            set_attempts(database, step.seq, step.attempt - 1, run);
        },
        LogFailure(log_, "an attempt at event " + std::to_string(step.seq))));
}

void Handover::carry_out(SetAside step) {
    writer_.submit(std::make_unique<SettingAside>(std::move(step.event), run_, clock_.now(),
                                                  on_dead_event_, log_));
}

}  // namespace hermes::durable
