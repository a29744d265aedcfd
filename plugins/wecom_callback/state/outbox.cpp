#include "state/outbox.hpp"

#include <atomic>
#include <utility>

#include "state/inbox_rows.hpp"
#include "state/outbox_rows.hpp"
#include "state/outside_changes.hpp"
#include "state/store_context.hpp"

namespace hermes::wecom {
namespace {

constexpr int page_rows = 1'000;

// One message on its way through the writer. Shared, since a std::function must be copyable.
struct PendingEnqueue {
    NewMessage message;
    Outbox::EnqueueHandler handler;
    std::int64_t created_at_ms = 0;
    bool tried = false;
    std::vector<std::int64_t> seqs;
};

std::vector<PendingPart> as_pending(const PendingEnqueue& enqueue) {
    std::vector<PendingPart> parts;
    parts.reserve(enqueue.seqs.size());
    for (const auto seq : enqueue.seqs) {
        PendingPart part;
        part.seq = seq;
        part.message = enqueue.seqs.front();
        part.next_attempt = support::from_unix_ms(0);
        part.account = enqueue.message.account;
        part.chat = enqueue.message.chat;
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace

class Outbox::Impl {
public:
    explicit Impl(std::shared_ptr<StoreContext> context) : context_(std::move(context)) {}

    void enqueue(NewMessage message, EnqueueHandler handler) {
        auto enqueue = std::make_shared<PendingEnqueue>();
        enqueue->message = std::move(message);
        enqueue->handler = std::move(handler);
        enqueue->created_at_ms = context_->now_ms();
        Write write;
        write.apply = [this, enqueue](Database& database) { store(database, *enqueue); };
        write.done = [this, enqueue](boost::system::error_code error) { tell(error, *enqueue); };
        context_->writer->submit(std::move(write));
    }

    std::vector<PendingPart> pending() {
        std::vector<PendingPart> parts;
        for (std::int64_t after = 0;;) {
            const auto page = context_->reader.read([after](Database& database) {
                return read_pending_parts(database, after, page_rows);
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
            enqueue.seqs = find_parts(database, message, enqueue.created_at_ms);
        }
        if (enqueue.seqs.empty()) {
            enqueue.seqs = insert_parts(database, message, enqueue.created_at_ms);
        }
        if (message.settles) {
            settle_event(database, *message.settles, enqueue.created_at_ms);
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
        enqueue.handler(as_pending(enqueue));
    }

    std::shared_ptr<StoreContext> context_;
    std::atomic<std::int64_t> outside_changes_{0};
};

Outbox::Outbox(std::shared_ptr<StoreContext> context)
    : impl_(std::make_unique<Impl>(std::move(context))) {}

Outbox::~Outbox() = default;

void Outbox::enqueue(NewMessage message, EnqueueHandler handler) {
    impl_->enqueue(std::move(message), std::move(handler));
}

std::vector<PendingPart> Outbox::pending() {
    return impl_->pending();
}

Result<std::optional<OutboxPart>> Outbox::load(std::int64_t seq) {
    return impl_->context().reader.read(
        [seq](Database& database) { return read_part(database, seq); });
}

std::vector<support::WallTime> Outbox::delivered_since(const std::string& account,
                                                       const std::string& chat,
                                                       support::WallTime since) {
    auto times = impl_->context().reader.read([&](Database& database) {
        return read_deliveries(database, account, chat, support::to_unix_ms(since));
    });
    return times.has_value() ? *std::move(times) : std::vector<support::WallTime>();
}

void Outbox::record_delivered(std::int64_t seq, const std::string& msgid, Done done) {
    const auto now_ms = impl_->context().now_ms();
    impl_->write(
        [seq, msgid, now_ms](Database& database) { mark_delivered(database, seq, msgid, now_ms); },
        std::move(done));
}

void Outbox::record_retry(RetryRecord record, Done done) {
    impl_->write([record = std::move(record)](Database& database) { mark_retry(database, record); },
                 std::move(done));
}

void Outbox::record_failed(std::int64_t message, const std::string& reason, Done done) {
    const auto now_ms = impl_->context().now_ms();
    impl_->write([message, reason, now_ms](
                     Database& database) { set_message_aside(database, message, reason, now_ms); },
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

}  // namespace hermes::wecom
