// What a platform implements so that its replies are delivered: one attempt, and what came of it.
//
// Everything else is done here: order within a chat, pacing, waiting and trying again, the pauses
// of an account, what survives a restart. A courier knows how to reach the platform (its tokens,
// its connections, its error codes) and says of each failure what would help against it.
#pragma once

#include <boost/system/error_code.hpp>
#include <functional>
#include <optional>
#include <string>

#include "base/failure.hpp"
#include "base/move_only_function.hpp"
#include "durable/outbox/outbox.hpp"
#include "hermes/send_result.hpp"

namespace hermes::durable {

// One request of one message.
struct Parcel {
    std::string account;
    std::string chat;
    std::string payload;               // as it was given to Delivery::submit
    std::optional<StoredFile> file{};  // that goes with it: Files::read tells what is in it
    // Whether the platform may be asked to drop what equals something it took lately, if it can do
    // that: what it took and did not confirm is then not seen twice.
    DuplicateCheck duplicate_check = DuplicateCheck::on;
    // An attempt has failed before, and may have come through all the same.
    bool is_repeated = false;
    // Whether it is still this gateway's to send: to be asked right before the request if anything
    // was waited for, such as a token or an upload. If it is not, the receipt says retry_later, and
    // not was_asked.  [delivery loop]
    std::function<bool()> may_go{};
};

struct Receipt {
    // None: the platform has taken it. Otherwise it compares equal to a base::Failure, which says
    // what happens next. For refresh_token the courier has tried a fresh one already.
    boost::system::error_code error{};
    // What the sender is told if this failure is the last word; one that only ran out of time for
    // slow_down or retry_later is told so instead.
    SendError refusal = SendError::invalid;
    int code = 0;              // the platform's own number, 0 if there is none
    std::string message_id{};  // of the platform, once it has taken the parcel
    std::string sentence{};    // why it failed and what to do, for a person. Holds no secret.
    bool was_asked = true;     // false: refused here, so it says nothing about the account
};

class Courier {
public:
    using Done = base::MoveOnlyFunction<void(Receipt)>;

    virtual ~Courier() = default;
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    // Tries once; calls `done` exactly once, on any thread, at once or later, in bounded time. At
    // most one parcel of a chat is under way, and of an account as many as its window admits
    // (send_window.hpp).
    // Does not throw.  [delivery loop]
    virtual void deliver(Parcel parcel, Done done) = 0;

protected:
    Courier() = default;
};

}  // namespace hermes::durable
