// What is remembered of a platform for a while, by all gateways of the database: which file it
// already has, what a pressed card may be answered with, when somebody was last greeted.
//
// A fact that has expired is as good as none, and is removed some time later. Expiry is by the wall
// clock, since it is the platform's clock that counts; a clock that is wrong for less than an hour
// removes nothing. Losing one may cost a request more or a greeting twice, never a message.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "durable/database/row_time.hpp"

namespace hermes::durable {

class Database;
class GroupCommit;
class Reads;

struct FactKey {
    std::string kind;     // what is remembered: "media", "greeted"
    std::string account;  // of which account; empty where that doesn't matter
    std::string key;      // of what, or of whom
};

class Facts {
public:
    using Loaded = base::MoveOnlyFunction<void(base::Result<std::optional<std::string>>)>;
    using Done = base::MoveOnlyFunction<void(boost::system::error_code)>;
    using Claimed = base::MoveOnlyFunction<void(base::Result<bool>)>;

    // All outlive this; `loop` is where the answers go.
    Facts(GroupCommit& writer, Reads& reads, base::EventLoop& loop, const RowClock& clock,
          const base::Log& log)
        : writer_(writer), reads_(reads), loop_(loop), clock_(clock), log_(log) {}

    // What was saved last, empty if there is none that has not expired. `then` is called on the
    // loop, never within this call.  [any]
    void load(FactKey fact, Loaded then);

    // In place of what was there. Not waited for; a failure is a line of the log.  [any]
    void save(FactKey fact, std::string value, base::WallTime expires_at);
    // Likewise; `done` is called on the loop once it is durable.  [any]
    void save(FactKey fact, std::string value, base::WallTime expires_at, Done done);
    // What is there, unless it has expired, and the newest event of the inbox.
    struct Known {
        std::optional<std::string> value;
        std::int64_t newest_event = 0;  // its seq; 0: none
    };
    // What is to be there instead; nothing: it stays. Called on the writer thread, again after a
    // commit that failed.
    using Change = std::function<std::optional<std::string>(const Known& known)>;
    // Looked at and changed in one commit, in its place among the writes; not if somebody else
    // changes it at that moment. `then` is told on the loop what is there now.  [any]
    void change(FactKey fact, Change change, base::WallTime expires_at, Loaded then);

    // Saves it unless there is one that has not expired. Of all who try, on any gateway, one is
    // told true: that one may do what is to be done once. On the loop.  [any]
    void save_if_absent(FactKey fact, std::string value, base::WallTime expires_at, Claimed then);

private:
    GroupCommit& writer_;
    Reads& reads_;
    base::EventLoop& loop_;
    const RowClock& clock_;
    const base::Log& log_;
};

// As save_if_absent, within a write of somebody's; whether it was saved.  [writer thread]
bool put_if_absent(Database& database, const FactKey& fact, const std::string& value,
                   std::int64_t expires_at_ms, std::int64_t now_ms);

// Removes what has expired.  [writer thread]
class FactRetention {
public:
    // A piece of it; returns whether there may be more.
    bool clean(Database& database, RowTime now);

private:
    // What has expired by a time that the clock showed, and an hour of running later shows still.
    std::optional<RowTime> looked_at_{};
    std::int64_t expired_by_ms_ = 0;
};

}  // namespace hermes::durable
