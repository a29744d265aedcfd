// Every decision of the hand-over: which event is the host's next, when, and what it costs. Pure:
// it is told what has happened, and asked what is to be done.
//
// Kept in memory are numbers. An event that was committed just now and whose lane is free goes from
// memory, and one of another gateway's as it is read when that tells of it; every other one is read
// when its turn comes. At the start the backlog is loaded in pages, oldest first, like the end of a
// log that is being followed: what is committed meanwhile is found on a later page, and when no
// page is left new events go as they come.
//
// Before anything else of a shard come its events that have one attempt left, each alone: until it
// is settled, or for its share of the time for all of them. The charge of one that outlives this is
// taken back until the last of them had its turn. So one that kills the process at once is the only
// one to be set aside. After a crash that goes for all shards; what another gateway leaves does not
// keep those waiting that are served already.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "durable/inbox/event.hpp"
#include "durable/inbox/inbox_lanes.hpp"

namespace hermes::durable {

struct TurnLimits {
    LaneLimits lanes{in_flight_max, in_flight_lane_max, urgent_in_flight_max};
    // How long an event on its last attempt has the host for itself, and all of them together: what
    // waits for them waits for minutes at most.
    std::chrono::milliseconds alone{10'000};
    std::chrono::milliseconds alone_all{300'000};
    int page_rows = 1'000;
    // Between two pages of the backlog, so that neither waits for the other.
    int hand_overs_between_pages = 256;
    // As many as a crash can leave: the host works on far fewer at a time.
    int last_attempts = 1'000;
    // After something could not be read.
    std::chrono::milliseconds read_again{1'000};
};

// What is to be done. One thing is read at a time: until the answer, or not_read(), no other Read
// is asked for.
struct HandOver {
    StoredEvent event;
};
struct MakeReady {  // its files are to be fetched, then ready(); what is behind it in its lane
                    // waits
    StoredEvent event;
};
struct TellUnknown {  // events of an account that is not configured wait: once for each
    std::string account;
};
struct ReadLastAttempts {
    int limit;
    Shards own;
};
struct ReadPage {
    std::int64_t after;
    int limit;
    Shards own;
};
struct ReadStored {  // those of them that are pending, oldest first
    std::vector<std::int64_t> seqs;
};
struct ReadEvent {
    std::int64_t seq;
};
struct WriteCharge {  // then charged()
    std::int64_t seq;
    int attempt;
    int shard;
    bool is_anew = false;  // after a TakeChargeBack, and one commit may hold both
};
struct TakeChargeBack {
    std::int64_t seq;
    int attempt;  // which was charged

    bool operator==(const TakeChargeBack&) const = default;
};
struct SetAside {
    DeadEvent event;
};
struct Wait {  // nothing, until something happens or it is that late
    std::optional<base::SteadyTime> until;
};
using Step = std::variant<HandOver, MakeReady, TellUnknown, ReadLastAttempts, ReadPage, ReadStored,
                          ReadEvent, WriteCharge, TakeChargeBack, SetAside, Wait>;

class Turns {
public:
    // `own`: the shards whose events have their turns. All: nobody shares them.
    explicit Turns(TurnLimits limits, Shards own = Shards::all())
        : limits_(limits), lanes_(limits.lanes), own_(own), fresh_(own) {}

    // Events of these accounts have their turns from now on. Once.
    void start(const std::vector<std::string>& accounts);
    // After that: of these instead. What the host has of another goes on; what waits of it, waits.
    void configure(const std::vector<std::string>& accounts);
    // To be asked again until it says Wait, after whatever has happened.
    Step next(base::SteadyTime now);

    // Answers to what was to be read.
    void last_attempts_read(std::vector<std::int64_t> seqs);
    void page_read(const std::vector<PendingEvent>& page);
    void event_read(std::optional<StoredEvent> event, base::SteadyTime now);
    void not_read(base::SteadyTime now);  // it is asked for again, a little later

    // What MakeReady was about, with its files.
    void ready(StoredEvent event, base::SteadyTime now);

    // An event was stored under that number: greater than all before.
    void committed(std::int64_t seq, NewEvent event);
    // The host has finished with an event; the row does not say so yet.
    void settle(std::int64_t seq);
    // Now it does.
    void settled(std::int64_t seq);
    // There may be pending rows that are not known here.
    void reload();

    // Where several gateways share a database. These shards' events have their turns from now on;
    // these' have not, and what is in flight of them, which is returned, is in flight no more.
    void take(Shards shards);
    std::vector<std::int64_t> leave(Shards shards);
    // Of these, and of no others, nothing new is handed over, though they stay own; what the agent
    // has begun with goes on. Returns what was in flight of them and is not any more.
    std::vector<std::int64_t> hold_back(Shards shards);
    Shards busy() const { return lanes_.busy(); }
    // Another gateway has stored these.
    void look_at(const std::vector<std::int64_t>& seqs);
    void stored_read(std::vector<StoredEvent> events);
    bool is_in_flight(std::int64_t seq) const { return lanes_.is_in_flight(seq); }

    // The agent begins with an event: an attempt is charged, once. Charge::none: it may not, since
    // the event is not in flight or all stops.
    Charge begin(std::int64_t seq);
    // The charge is written, or (Charge::none) was not.
    void charged(std::int64_t seq, Charge charge);
    // After that: the shard of what was not charged is not this gateway's at the moment. It is held
    // back until a beat tells whose it is; returns what that does.
    std::vector<std::int64_t> refused(std::int64_t seq);

    // From now on nothing is to be done and nothing may begin. Returns the charges to be taken
    // back: of what is in flight, and of what the host has finished with but whose row may stay
    // pending, since the writer stops too.
    std::vector<TakeChargeBack> stop();

private:
    enum class Reading { nothing, last_attempts, alone, page, stored, event };
    struct Alone {
        std::int64_t seq;
        int attempt;
        base::SteadyTime until;
    };

    // Those of which events are handed over as they come.
    Shards open() const noexcept { return own_ - held_back_ - apart_; }
    Wait wait(std::optional<base::SteadyTime> until = std::nullopt) const;
    void look_through(Shards shards);  // for last attempts, then for the others
    Step read_next();
    Step page_or_event();
    std::vector<std::int64_t> take_stored();
    bool alone_is_over(base::SteadyTime now) const;
    void end_alone();
    void end_last_attempts();
    void take_next(StoredEvent event);  // whose turn it is, as it was read
    void give(StoredEvent event);
    void alone_read(StoredEvent event, base::SteadyTime now);
    void drop_steps_of_gone();
    // Which has it, or is finished with it: also one that it has had since before its shard was
    // held back.
    bool is_with_host(std::int64_t seq) const {
        return settling_.contains(seq) || lanes_.is_in_flight(seq);
    }
    bool is_open(const std::string& account, const std::string& chat) const {
        return open().contain(shard_of(account, chat));
    }
    bool take_in(const PendingEvent& event);  // true: it waits now, and did not before
    void tell_if_unknown(const std::string& account);
    void set_aside(const PendingEvent& event);

    const TurnLimits limits_;
    InboxLanes lanes_;
    Shards own_;
    Shards held_back_{};
    Shards fresh_;               // taken, and not yet looked through for last attempts
    Shards last_attempts_of_{};  // which were asked for
    bool is_shared_ = false;     // commits of several gateways: not in the order of their numbers
    std::vector<std::int64_t> stored_{};  // to be looked at once all is loaded
    std::unordered_set<std::string> accounts_;
    std::unordered_set<std::string> unknown_accounts_;  // that were told of
    std::deque<Step> steps_;                            // decided already
    bool has_begun_ = false;
    bool stopped_ = false;
    // Finished with, but the row says pending; with the attempt that was charged, 0 if none was.
    std::unordered_map<std::int64_t, int> settling_;

    Reading reading_ = Reading::nothing;
    std::optional<base::SteadyTime> read_at_;  // not before, since a read has failed

    // Shards whose last attempts are not over: nothing else of them has its turn.
    Shards apart_{};
    std::deque<std::int64_t> last_attempts_;              // whose turn to be alone has not come yet
    std::chrono::milliseconds share_{0};                  // of one of them
    std::optional<Alone> alone_;                          // whose it is
    std::vector<std::pair<std::int64_t, int>> outlived_;  // it, with the attempt to charge again

    bool loading_ = true;                // there may be another page
    std::int64_t loaded_ = 0;            // every row up to here is known
    std::int64_t committed_ = 0;         // newest row that committed() was told of
    std::int64_t committed_before_ = 0;  // the page that is being read
    bool page_is_stale_ = false;         // reload() came since it was asked for
    int since_page_ = 0;
    std::int64_t event_asked_for_ = 0;
};

}  // namespace hermes::durable
