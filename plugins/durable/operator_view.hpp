// What the operator sees and may do: counts, and dead letters to look at, retry or drop.
//
// Works on the database itself, with or without a gateway beside it. One thread. Every function may
// throw StoreOpenError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace hermes::durable {

struct SideCounts {
    std::int64_t pending = 0;  // durable; not given to the agent yet, not tried yet
    // Inbox: the agent has begun with it in the gateway that runs now. The outbox has no such mark.
    std::int64_t in_flight = 0;
    std::int64_t retrying = 0;             // tried at least once, will be tried again
    std::int64_t dead = 0;                 // inbox: events, outbox: messages
    std::optional<base::WallTime> oldest;  // of what is not dead
};

struct Overview {
    std::string location;  // without credentials
    SideCounts inbox;
    SideCounts outbox;
};

enum class LetterSide { inbox, outbox };

struct LetterView {
    std::string id;  // `in-17`, an event; `out-4`, the parts of a message that are left
    LetterSide side = LetterSide::inbox;
    std::string account;
    std::string chat;
    int attempts = 0;
    base::WallTime created_at;
    int code = 0;  // WeCom's, of the last failure
    std::string reason;
    // The event's XML; the requests that are left of the message, or the text of one of which no
    // request could be made.
    std::vector<std::string> contents;
};

// Those that fit all that is given.
struct LetterFilter {
    std::optional<int> code{};  // 0 as if not given: it is what those have that have none
    std::optional<base::WallTime> since{};  // set aside then or later
    std::optional<std::string> account{};
};

class OperatorView {
public:
    // As in StoreOptions; but nothing is created or brought up to date: where no gateway of this
    // version has run, that is said.
    OperatorView(const std::string& connection, const std::string& data_directory);
    ~OperatorView();
    OperatorView(const OperatorView&) = delete;
    OperatorView& operator=(const OperatorView&) = delete;

    Overview overview();
    // Oldest first, the inbox before the outbox.
    std::vector<LetterView> dead_letters(std::size_t limit);
    std::optional<LetterView> dead_letter(const std::string& id);

    // Puts it back with no attempts counted and, for a message, as much time as it had. A gateway
    // that runs notices within seconds. False if there is no such dead letter. Throws for one of
    // which no request could be made.
    bool retry(const std::string& id);
    // All that fit, but for such; returns how many.
    std::size_t retry_all(const LetterFilter& filter);
    bool drop(const std::string& id);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::durable
