// What the agent said and the platform has not taken yet. One row a part: one row is one request.
//
//   enqueue     all parts of a message, and the event they settle, in one commit  -> pending
//   delivered   the platform accepted the part                -> delivered (payload removed)
//   retry       not now: attempts, time of the next           -> pending
//   failed      this part and the later ones of its message   -> dead letter
//
// Order: within a lane (account and chat) by seq. The account is the app's identity to the
// platform. What is kept is the request that will be sent, so that a retry, also after a crash,
// sends the same bytes. That includes whether the platform is asked to drop an equal request: it
// is, unless an equal part of the chat waits or was finished within `equal_memory`, since an answer
// that only looks like the one before would then be swallowed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "durable/database/row_time.hpp"
#include "durable/database/shards.hpp"
#include "durable/database/state_error.hpp"
#include "durable/database/write.hpp"
#include "durable/facts/facts.hpp"
#include "durable/files/file.hpp"

namespace hermes::durable {

class GroupCommit;
class Reader;

// As long as a platform may remember a request to drop its equals. WeCom does no longer (doc
// 90236).
inline constexpr std::chrono::hours equal_memory{4};

inline constexpr int pending_page_rows = 1'000;

// A part of a message is one request to the platform.
struct NewPart {
    std::string payload;               // the request, without the duplicate check
    std::string preview{};             // preview.hpp; for the operator
    std::optional<StoredFile> file{};  // that goes with it
    // The request that is made in its stead, without a file, if that can't be read to its end, or
    // is not there any more.
    std::string payload_without{};
    std::string preview_without{};
    bool lost_its_file = false;

    void do_without_file() {
        lost_its_file = true;
        payload = std::move(payload_without);
        preview = std::move(preview_without);
        file.reset();
    }
};

// A message that nobody gets twice: it is stored with this fact, and not at all while that is known
// already. It does not wait for a database that can't be written.
struct OnlyOnce {
    FactKey fact;
    base::WallTime until{};
};

struct NewMessage {
    std::string account;  // `corp:agent`
    std::string chat;     // `corp:user`
    std::vector<NewPart> parts;
    std::int64_t answers = 0;             // inbox seq; 0: it answers no event
    std::optional<std::int64_t> settles;  // inbox seq
    bool is_notice = false;               // it answers nobody: it may wait for what does
    // From now on, counted while gateways run (running_time.hpp).
    std::chrono::milliseconds lifetime{0};
    std::optional<OnlyOnce> once{};
};

// A final reply that no request can be made of: it becomes a dead letter at once.
struct LostReply {
    std::string chat;
    std::string text;
    std::string reason;
    std::int64_t settles = 0;
};

enum class DuplicateCheck { off, on };

struct OutboxPart {
    std::int64_t seq = 0;
    std::int64_t message = 0;
    std::int64_t answers = 0;  // inbox seq; 0: no event, or it is not known
    int part = 1;              // 1 .. parts
    int parts = 1;
    std::string account;
    std::string chat;
    std::string payload;
    std::optional<StoredFile> file{};
    DuplicateCheck duplicate_check = DuplicateCheck::on;
    int attempts = 0;    // that have failed
    std::string reason;  // why the last attempt failed
};

// Where a part stands in the queue; small, since there may be a hundred thousand.
struct QueuedPart {
    std::int64_t seq = 0;
    std::int64_t message = 0;  // seq of the message's first part
    bool is_notice = false;
    base::SteadyTime not_before{};
    base::SteadyTime deadline{};
    // What was enqueued just now and need not be read back; empty otherwise.
    std::unique_ptr<OutboxPart> content{};

    std::size_t content_bytes() const noexcept { return content ? content->payload.size() : 0; }
};

struct PendingPart : QueuedPart {
    std::string account;
    std::string chat;
};

struct RetryRecord {
    std::int64_t seq = 0;
    int attempts = 0;
    base::SteadyTime not_before;
    int code = 0;  // the platform's, 0 if there is none
    std::string reason;
    std::chrono::milliseconds took{0};  // the attempt that has just failed
};

// The attempt at which a message failed for good.
struct LastAttempt {
    std::int64_t seq = 0;  // of the part
    std::chrono::milliseconds took{0};
};

class Outbox {
public:
    using EnqueueHandler = base::MoveOnlyFunction<void(base::Result<std::vector<PendingPart>>)>;
    using Done = base::MoveOnlyFunction<void(boost::system::error_code)>;

    using Settled = std::function<void(std::int64_t seq)>;

    // All outlive this. `run`: 0 in a visitor, which announces what it changes. `on_settled`: an
    // event was settled by a commit of the outbox.  [writer thread]
    Outbox(GroupCommit& writer, Reader& reader, const RowClock& clock,
           const std::atomic<std::int64_t>& run, const base::Log& log, Settled on_settled);
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // Persistent: the handler runs on the writer thread once the message is durable, or with
    // StateError::stopped. No part: it was to be stored only once, and has been.  [any]
    void enqueue(NewMessage message, EnqueueHandler handler);
    // Persistent, likewise; the event is settled by the same commit. Superseded: another gateway
    // answers it, and nothing is kept.  [any]
    void keep_lost(LostReply reply, Done done);

    // A page of what is pending of these shards after that one, by seq; a page with fewer than
    // pending_page_rows is the last. At start, and after another process changed something.
    // [one thread]
    base::Result<std::vector<PendingPart>> pending(Shards own = Shards::all(),
                                                   std::int64_t after = 0);
    // What is pending of these messages, which another gateway has stored.  [one thread]
    base::Result<std::vector<PendingPart>> pending_of(const std::vector<std::int64_t>& messages);
    // Empty if the row is not pending any more.  [one thread]
    base::Result<std::optional<OutboxPart>> load(std::int64_t seq);
    // When parts of this lane were delivered within the last hour, oldest first: what pacing has to
    // know after a restart.  [one thread]
    base::Result<std::vector<base::SteadyTime>> delivered_lately(const std::string& account,
                                                                 const std::string& chat);

    // All persistent; `done` on the writer thread.  [any]
    void record_delivered(std::int64_t seq, const std::string& msgid,
                          std::chrono::milliseconds took, Done done);
    void record_retry(RetryRecord record, Done done);
    // Sets aside every pending part of the message. `last`: none if its time was up without one.
    void record_failed(std::int64_t message, int code, const std::string& reason,
                       std::optional<LastAttempt> last, Done done);

    // A number that changes whenever another process has changed the inbox or the outbox.  [any]
    base::Result<std::int64_t> outside_changes();
    // What became of the parts of a message that another process enqueued or delivers.
    struct Outcome {
        std::size_t pending = 0;
        std::size_t delivered = 0;
        std::size_t dead = 0;
        std::string last_msgid;
        std::string reason;
    };
    base::Result<Outcome> outcome(std::int64_t message);  // [any]

private:
    class Enqueuing;
    template <typename Apply, typename Then, typename Gather = GatherNothing>
    void write(Apply apply, Then done, Gather gather = {});

    GroupCommit& writer_;
    Reader& reader_;
    const RowClock& clock_;
    const std::atomic<std::int64_t>& run_;
    const base::Log& log_;
    const Settled on_settled_;
    std::atomic<std::int64_t> next_id_;
};

}  // namespace hermes::durable
