// What the agent said and WeCom has not taken yet. One row a part: one row is one message/send.
//
//   enqueue     all parts of a message, and the event they settle, in one commit  -> pending
//   delivered   WeCom accepted the part                       -> delivered (text removed)
//   retry       not now: attempts, time of the next, whether WeCom may have it   -> pending
//   failed      this part and the later ones of its message   -> dead letter
//
// Order: within a lane (account and chat) by seq.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/callback_error.hpp"
#include "state/state_error.hpp"
#include "support/clock.hpp"

namespace hermes::wecom {

struct StoreContext;

struct NewMessage {
    std::string account;
    std::string chat;    // `corp:user`
    std::string format;  // "text" or "markdown"
    std::vector<std::string> parts;
    std::optional<std::int64_t> settles;  // inbox seq
    support::WallTime deadline;
};

// Where a part stands in the queue; small, since there may be a hundred thousand.
struct PendingPart {
    std::int64_t seq = 0;
    std::int64_t message = 0;  // seq of the message's first part
    support::WallTime next_attempt;
    std::string account;
    std::string chat;
};

struct OutboxPart {
    std::int64_t seq = 0;
    std::int64_t message = 0;
    int part = 1;  // 1 .. parts
    int parts = 1;
    std::string account;
    std::string chat;
    std::string format;
    std::string content;
    int attempts = 0;         // that have failed
    bool maybe_sent = false;  // WeCom may have accepted it already
    support::WallTime deadline;
    std::string reason;  // why the last attempt failed
};

struct RetryRecord {
    std::int64_t seq = 0;
    int attempts = 0;
    bool maybe_sent = false;
    support::WallTime next_attempt;
    std::string reason;
};

class Outbox {
public:
    using EnqueueHandler = std::function<void(Result<std::vector<PendingPart>>)>;
    using Done = std::function<void(boost::system::error_code)>;

    explicit Outbox(std::shared_ptr<StoreContext> context);
    ~Outbox();

    // Persistent: the handler runs on the writer thread once the message is durable, or with
    // StateError::stopped.  [any]
    void enqueue(NewMessage message, EnqueueHandler handler);

    // All that is pending, by seq: at start, and after another process changed something. Throws
    // StoreOpenError.  [one thread]
    std::vector<PendingPart> pending();
    // Empty if the row is not pending any more.  [one thread]
    Result<std::optional<OutboxPart>> load(std::int64_t seq);
    // When parts of this lane were delivered since then, oldest first: what pacing has to know
    // after a restart.  [one thread]
    std::vector<support::WallTime> delivered_since(const std::string& account,
                                                   const std::string& chat,
                                                   support::WallTime since);

    // All persistent; `done` on the writer thread.  [any]
    void record_delivered(std::int64_t seq, const std::string& msgid, Done done);
    void record_retry(RetryRecord record, Done done);
    // Sets aside every pending part of the message.
    void record_failed(std::int64_t message, const std::string& reason, Done done);

    // A number that changes whenever another process has changed the inbox or the outbox.  [any]
    std::int64_t outside_changes();
    // What became of the parts of a message that another process enqueued or delivers.
    struct Outcome {
        std::size_t pending = 0;
        std::size_t delivered = 0;
        std::size_t dead = 0;
        std::string last_msgid;
        std::string reason;
    };
    Outcome outcome(std::int64_t message);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::wecom
