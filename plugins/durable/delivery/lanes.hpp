// What is waiting to be delivered, and whose turn it is. Pure: it is told the time.
//
// A lane is one account and one chat; its oldest part is tried until it is delivered or given up,
// and the others wait behind it. An account has as many lanes under way as its window admits
// (send_window.hpp), and while it is paused (account_pause.hpp) one, the probe. So no account,
// member or chat holds up another. All accounts of a group together keep to its rate
// (rate_limit.hpp). Where lanes wait for either, those that answer somebody go first, but for every
// eighth turn. A part that is past its deadline is given its turn at once, to be given up. The
// lanes of an account that is not configured only wait for that.
#pragma once

#include <boost/container/devector.hpp>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "durable/database/shards.hpp"
#include "durable/delivery/account_pause.hpp"
#include "durable/delivery/courier.hpp"
#include "durable/delivery/pacing.hpp"
#include "durable/delivery/rate_limit.hpp"
#include "durable/delivery/send_window.hpp"
#include "durable/outbox/outbox.hpp"

namespace hermes::durable {

// An account as the operator knows it: "app hr".
struct Account {
    std::string id;
    std::string shown;
    std::string group{};  // those that the platform counts together; empty: none
};

struct LaneOptions {
    PacingLimits pacing{};             // of a chat
    std::size_t group_per_minute = 0;  // requests; 0: no limit
    std::size_t window_longest = 64;   // requests of an account under way
};

struct Lane;

// What all lanes of an account share.
struct AccountQueue {
    Account account;
    bool is_configured = false;
    AccountPause pause{};
    SendWindow window;
    RateLimit* rate = nullptr;   // of its group; null: none
    std::list<Lane*> answers{};  // whose turn it is, in order
    std::list<Lane*> notices{};  // likewise: those that answer nobody
    std::size_t turns = 0;       // that were given
    std::size_t active = 0;      // under way
    bool is_listed = false;      // in Lanes::runnable_

    bool has_ready() const noexcept { return !answers.empty() || !notices.empty(); }
};

struct Lane {
    Lane(AccountQueue& account_queue, std::string chat_id, PacingLimits limits)
        : queue(account_queue),
          chat(std::move(chat_id)),
          shard(shard_of(queue.account.id, chat)),
          pacing(limits) {}

    // For the log.
    std::string place() const { return queue.account.shown + ", chat " + chat; }
    // Another part is the oldest now.
    void begin_anew() {
        last = {};
        unexplained_since.reset();
    }

    enum class State {
        empty,      // nothing to deliver
        unread,     // pacing has yet to learn what earlier runs delivered
        waiting,    // until `due`
        ready,      // in its account's queue
        under_way,  // its oldest part is being delivered
    };

    AccountQueue& queue;
    std::string chat;
    int shard = 0;
    boost::container::devector<QueuedPart> parts;  // oldest in front; a std::deque takes 640 bytes
    Pacing pacing;
    State state = State::empty;
    bool knows_past = false;                // see State::unread
    bool past_is_stale = false;             // others may have sent since it was asked for
    bool is_probe = false;                  // under way as its account's probe
    std::unique_ptr<OutboxPart> current{};  // the oldest part, while it is under way
    // Of the oldest part, in this run: since when it has failed for no reason we know (retry.hpp).
    std::optional<base::SteadyTime> unexplained_since{};
    Receipt last{};                          // of the oldest part, in this run
    std::uint64_t request = 0;               // its number in the window, while it is under way
    base::SteadyTime begun_at{};             // likewise
    base::SteadyTime due{};                  // while it waits
    std::list<Lane*>* ready_in = nullptr;    // while it is ready
    std::list<Lane*>::iterator place_ready;  // likewise
};

class Lanes {
public:
    using Time = base::SteadyTime;

    Lanes(const std::vector<Account>& accounts, LaneOptions options);

    // From now on these are configured, and what is paused is looked at again. What is under way
    // of another comes to its end.
    void configure(const std::vector<Account>& accounts, Time now);
    // Accounts that are not configured and for which something waits.
    std::set<std::string> unconfigured() const;

    enum class Added { taken, known, unknown_account };
    Added add(QueuedPart part, const std::string& account, const std::string& chat, Time now);

    // A lane whose past has to be read, each once; then told with know_past(). None: nullptr.
    Lane* next_unread();
    // `deliveries`: when parts of the lane were delivered within the last hour, oldest first.
    void know_past(Lane& lane, const std::vector<Time>& deliveries, Time now);

    // The lane whose oldest part is to be delivered, or given up since its deadline has passed; it
    // is under way until release(). None at the moment: nullptr.
    Lane* next(Time now);
    // When next() may have something, if nothing else happens before.
    std::optional<Time> wake_at() const;

    // What came of the request of a lane that is under way.
    void taken(Lane& lane, Time now);
    static void slow_down(Lane& lane) { lane.queue.window.slow_down(lane.request); }
    static void failed(Lane& lane) { lane.queue.window.failed(); }

    // The oldest part of a lane that is under way is done with.
    void pop(Lane& lane);
    // All parts of a message of which the oldest part of the lane is one: a letter that came back
    // may stand between them. Returns the bytes of their content.
    std::size_t drop(Lane& lane, std::int64_t message);
    // The lane is not under way any more.
    void release(Lane& lane, Time now);
    // The pause of this lane's account has begun, was prolonged, or is over.
    void pause_changed(AccountQueue& queue);

    // Nothing has its turn any more.
    void stop();
    bool is_idle() const noexcept { return active_ == 0; }
    std::size_t pending() const noexcept { return pending_; }  // parts

    // Those of which a part is under way.
    Shards busy() const;
    // Nothing of these has its turn any more, but for what is under way.
    struct Left {
        std::size_t bytes = 0;               // of content that is let go of
        std::vector<std::int64_t> messages;  // of which a part is
    };
    Left leave(Shards shards);

    // So many gateways make the requests of a group: each as many as its share.
    void share_rates(std::size_t gateways);

    // Forgets lanes that have nothing to deliver and no past that pacing must remember.
    void sweep(Time now);

private:
    void set_up(const Account& account);
    AccountQueue& queue_of(const std::string& account);
    void schedule(Lane& lane, Time now);
    void make_ready(Lane& lane);
    void list(AccountQueue& queue);
    Lane* take_from(AccountQueue& queue, Time now);
    Lane* begin(Lane& lane, Time now);
    void unready(Lane& lane);

    const LaneOptions options_;
    std::unordered_map<std::string, RateLimit> rates_;  // by group; entries stay
    // By account; entries stay. unique_ptr: lanes hold references.
    std::unordered_map<std::string, std::unique_ptr<AccountQueue>> queues_;
    // unique_ptr: what is under way holds references while the map grows.
    std::unordered_map<std::string, std::unique_ptr<Lane>> lanes_;
    std::deque<Lane*> unread_;
    std::set<std::pair<Time, Lane*>> waiting_;       // by when they are due
    std::set<std::pair<Time, Lane*>> deadlines_;     // of those that are ready
    std::set<std::pair<Time, AccountQueue*>> held_;  // by a pause or a rate, until then
    std::deque<AccountQueue*> runnable_;             // accounts that may have a turn, in order
    std::size_t active_ = 0;
    std::size_t pending_ = 0;
    bool stopping_ = false;
};

}  // namespace hermes::durable
