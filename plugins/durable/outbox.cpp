#include "durable/outbox.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>

#include "durable/inbox_rows.hpp"
#include "durable/meta.hpp"
#include "durable/outbox_rows.hpp"
#include "durable/store_context.hpp"

namespace hermes::durable {
namespace {

constexpr int page_rows = 1'000;

// One message on its way through the writer. Shared, since a std::function must be copyable.
struct PendingEnqueue {
    NewMessage message;
    Outbox::EnqueueHandler handler;
    std::int64_t id = 0;
    RowTime created;
    bool tried = false;
    std::vector<std::int64_t> seqs;
};

std::vector<PendingPart> as_pending(const PendingEnqueue& enqueue, const RunningTime& time) {
    const auto now = time.to_steady(enqueue.created.run_ms);
    std::vector<PendingPart> parts;
    parts.reserve(enqueue.seqs.size());
    for (const auto seq : enqueue.seqs) {
        PendingPart part;
        part.seq = seq;
        part.message = enqueue.seqs.front();
        part.not_before = now;
        part.deadline = now + enqueue.message.lifetime;
        part.account = enqueue.message.account;
        part.chat = enqueue.message.chat;
        parts.push_back(std::move(part));
    }
    return parts;
}

// Where the ids of a process begin: far from those of any other, and never 0.
std::int64_t first_enqueue_id() {
    std::random_device random;
    const auto high = static_cast<std::int64_t>(random() & 0x3fff'ffffU);
    return (high << 32) + (static_cast<std::int64_t>(random()) & 0xffff'0000) + 1;
}

}  // namespace

class Outbox::Impl {
public:
    explicit Impl(std::shared_ptr<StoreContext> context) : context_(std::move(context)) {}

    void enqueue(NewMessage message, EnqueueHandler handler) {
        auto enqueue = std::make_shared<PendingEnqueue>();
        enqueue->message = std::move(message);
        enqueue->handler = std::move(handler);
        enqueue->id = next_id_++;
        enqueue->created = context_->now();
        Write write;
        write.apply = [this, enqueue](Database& database) { store(database, *enqueue); };
        write.done = [this, enqueue](boost::system::error_code error) { tell(error, *enqueue); };
        context_->writer->submit(std::move(write));
    }

    std::vector<PendingPart> pending() {
        write([now_run_ms = context_->running_time.now_ms()](
                  Database& database) { begin_lifetimes(database, now_run_ms); },
              {});
        std::vector<PendingPart> parts;
        for (std::int64_t after = 0;;) {
            const auto page = context_->reader.read([&](Database& database) {
                return read_pending_parts(database, after, page_rows, context_->running_time);
            });
            if (page.has_error()) {
                const auto failure = context_->reader.failure();
                throw StoreOpenError(explain_open_failure(context_->location, failure));
            }
            parts.insert(parts.end(), page->begin(), page->end());
            if (page->size() < page_rows) {
                return parts;
            }
            after = page->back().seq;
        }
    }

    void keep_lost(LostReply reply, Done done) {
        const auto now = context_->now();
        const auto settles = reply.settles;
        write(
            [reply = std::move(reply), id = next_id_++, now](Database& database) {
                if (find_parts(database, id).empty()) {
                    insert_lost(database, reply, id, now);
                }
                settle_event(database, reply.settles, now);
            },
            [this, settles, done = std::move(done)](boost::system::error_code error) mutable {
                if (!error) {
                    context_->on_settled(settles);
                }
                done(error);
            });
    }

    template <typename Apply>
    void write(Apply apply, Done done) {
        Write write;
        write.apply = std::move(apply);
        write.done = std::move(done);
        context_->writer->submit(std::move(write));
    }

    std::int64_t outside_changes() {
        const auto count = context_->reader.read(
            [](Database& database) { return count_outside_changes(database); });
        if (count.has_value()) {
            outside_changes_ = *count;
        }
        return outside_changes_;  // while the database can't be read: no change that we know of
    }

    StoreContext& context() { return *context_; }

private:
    void store(Database& database, PendingEnqueue& enqueue) {
        const auto& message = enqueue.message;
        enqueue.seqs.clear();
        if (std::exchange(enqueue.tried, true)) {
            // A commit whose outcome was not learned may have succeeded: not a second time.
            enqueue.seqs = find_parts(database, enqueue.id);
        }
        if (enqueue.seqs.empty()) {
            enqueue.seqs = insert_parts(database, message, enqueue.id, enqueue.created);
        }
        if (message.settles) {
            settle_event(database, *message.settles, enqueue.created);
        }
        if (context_->visiting()) {
            announce_outside_change(database);
        }
    }

    void tell(boost::system::error_code error, PendingEnqueue& enqueue) {
        if (error) {
            enqueue.handler(error);
            return;
        }
        if (enqueue.message.settles) {
            context_->on_settled(*enqueue.message.settles);
        }
        enqueue.handler(as_pending(enqueue, context_->running_time));
    }

    std::shared_ptr<StoreContext> context_;
    std::atomic<std::int64_t> next_id_{first_enqueue_id()};
    std::atomic<std::int64_t> outside_changes_{0};
};

Outbox::Outbox(std::shared_ptr<StoreContext> context)
    : impl_(std::make_unique<Impl>(std::move(context))) {}

Outbox::~Outbox() = default;

void Outbox::enqueue(NewMessage message, EnqueueHandler handler) {
    impl_->enqueue(std::move(message), std::move(handler));
}

void Outbox::keep_lost(LostReply reply, Done done) {
    impl_->keep_lost(std::move(reply), std::move(done));
}

std::vector<PendingPart> Outbox::pending() {
    return impl_->pending();
}

base::Result<std::optional<OutboxPart>> Outbox::load(std::int64_t seq) {
    return impl_->context().reader.read(
        [seq](Database& database) { return read_part(database, seq); });
}

base::Result<std::vector<base::SteadyTime>> Outbox::delivered_lately(const std::string& account,
                                                                     const std::string& chat) {
    constexpr std::chrono::milliseconds hour = std::chrono::hours{1};
    const auto& time = impl_->context().running_time;
    const auto since = time.now_ms() - hour.count();
    auto found = impl_->context().reader.read(
        [&](Database& database) { return read_deliveries(database, account, chat, since); });
    if (found.has_error()) {
        return found.error();
    }
    // After a crash the running time has gone on from a little earlier: never later than now.
    const auto now = time.to_steady(time.now_ms());
    std::vector<base::SteadyTime> times;
    for (const auto run_ms : *found) {
        times.push_back(std::min(time.to_steady(run_ms), now));
    }
    return times;
}

void Outbox::record_delivered(std::int64_t seq, const std::string& msgid, Done done) {
    const auto now = impl_->context().now();
    impl_->write(
        [seq, msgid, now](Database& database) { mark_delivered(database, seq, msgid, now); },
        std::move(done));
}

void Outbox::record_retry(RetryRecord record, Done done) {
    const auto next_run_ms = impl_->context().running_time.from_steady(record.not_before);
    impl_->write([record = std::move(record),
                  next_run_ms](Database& database) { mark_retry(database, record, next_run_ms); },
                 std::move(done));
}

void Outbox::record_failed(std::int64_t message, int code, const std::string& reason, Done done) {
    const auto now = impl_->context().now();
    impl_->write(
        [message, code, reason, now](Database& database) {
            set_message_aside(database, message, code, reason, now);
        },
        std::move(done));
}

std::int64_t Outbox::outside_changes() {
    return impl_->outside_changes();
}

Outbox::Outcome Outbox::outcome(std::int64_t message) {
    auto outcome = impl_->context().reader.read(
        [message](Database& database) { return read_outcome(database, message); });
    return outcome.has_value() ? *std::move(outcome) : Outcome();
}

}  // namespace hermes::durable
