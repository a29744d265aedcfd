#include "durable/outbox/outbox.hpp"

#include <algorithm>
#include <utility>

#include "durable/database/announcements.hpp"
#include "durable/database/attempt_log.hpp"
#include "durable/database/database.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/random_id.hpp"
#include "durable/database/reader.hpp"
#include "durable/files/file_rows.hpp"
#include "durable/inbox/inbox_batches.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/outbox/outbox_batches.hpp"
#include "durable/outbox/outbox_rows.hpp"

namespace hermes::durable {
namespace {

// Whoever has begun last answers. One that has the chat back may have missed that another one
// answered meanwhile.
void settle_as_the_last(Database& database, std::int64_t run, std::int64_t seq, RowTime now,
                        bool is_own) {
    const bool was_open = settle_event(database, seq, now);
    if ((!is_own || !was_open) && is_begun_elsewhere(database, run, seq, is_own || was_open)) {
        throw StateException(
            StateError::superseded,
            "event " + std::to_string(seq) + " is another gateway's by now, which answers it");
    }
}

}  // namespace

class Outbox::Enqueuing final : public Write {
public:
    Enqueuing(Outbox& outbox, NewMessage message, EnqueueHandler handler)
        : Write(message.once ? Persistence::fail_fast : Persistence::persistent),
          outbox_(outbox),
          message_(std::move(message)),
          handler_(std::move(handler)),
          id_(outbox.next_id_++),
          created_(outbox.clock_.now()) {}

    void gather(Database& database) override {
        if (message_.settles && !tried_) {
            gather_settle(database, *message_.settles, created_);
        }
        gather_message(database, message_, id_, created_,
                       tried_ || message_.once ? Gathering::left_out : Gathering::taken_in);
    }

    void apply(Database& database) override {
        inserted_.clear();
        if (std::exchange(tried_, true)) {
            // A commit whose outcome was not learned may have succeeded: not a second time.
            inserted_ = find_parts(database, id_);
        }
        const int shard = shard_of(message_.account, message_.chat);
        const bool is_own = database.holds(shard);
        if (inserted_.empty()) {
            if (message_.settles) {
                settle_as_the_last(database, outbox_.run_, *message_.settles, created_, is_own);
            }
            if (message_.once &&
                !put_if_absent(database, message_.once->fact, {},
                               base::to_unix_ms(message_.once->until), created_.at_ms)) {
                return;
            }
            adopt_files(database);
            inserted_ = insert_parts(database, message_, id_, created_);
        }
        if (!is_own) {
            database.announce(message_word(inserted_.front().seq, shard));
        }
        if (outbox_.run_ == 0) {
            announce_outside_change(database);
        }
    }

    void done(boost::system::error_code error) override {
        if (error) {
            handler_(error);
            return;
        }
        if (message_.settles) {
            outbox_.on_settled_(*message_.settles);
        }
        tell_of_lost_files();
        handler_(pending());
    }

private:
    // A file may have been taken for nobody's while this gateway could not reach the database: then
    // its part goes without it, and the message is no less kept than any other.
    void adopt_files(Database& database) {
        for (auto& part : message_.parts) {
            if (part.file && !adopt_file(database, *part.file)) {
                part.do_without_file();
            }
        }
    }

    void tell_of_lost_files() const {
        for (const auto& part : message_.parts) {
            if (part.lost_its_file) {
                outbox_.log_(base::Severity::warning,
                             "a message to " + message_.chat + ", app " + message_.account +
                                 ", goes without its file: that is empty, could not be read whole, "
                                 "or is not there any more");
            }
        }
    }

    std::vector<PendingPart> pending() {
        const auto now = outbox_.clock_.running().to_steady(created_.run_ms);
        std::vector<PendingPart> parts;
        parts.reserve(inserted_.size());
        for (std::size_t n = 0; n < inserted_.size(); ++n) {
            auto& part = parts.emplace_back();
            part.seq = inserted_[n].seq;
            part.message = inserted_.front().seq;
            part.is_notice = message_.is_notice;
            part.not_before = now;
            part.deadline = now + message_.lifetime;
            part.account = message_.account;
            part.chat = message_.chat;
            part.content = std::make_unique<OutboxPart>();
            part.content->seq = part.seq;
            part.content->message = part.message;
            part.content->answers = message_.answers;
            part.content->part = static_cast<int>(n) + 1;
            part.content->parts = static_cast<int>(inserted_.size());
            part.content->account = message_.account;
            part.content->chat = message_.chat;
            part.content->payload = std::move(message_.parts[n].payload);
            part.content->file = std::move(message_.parts[n].file);
            part.content->duplicate_check = inserted_[n].duplicate_check;
        }
        return parts;
    }

    Outbox& outbox_;
    NewMessage message_;
    EnqueueHandler handler_;
    std::int64_t id_;
    RowTime created_;
    bool tried_ = false;
    std::vector<InsertedPart> inserted_;
};

Outbox::Outbox(GroupCommit& writer, Reader& reader, const RowClock& clock,
               const std::atomic<std::int64_t>& run, const base::Log& log, Settled on_settled)
    : writer_(writer),
      reader_(reader),
      clock_(clock),
      run_(run),
      log_(log),
      on_settled_(std::move(on_settled)),
      next_id_(first_id()) {}

void Outbox::enqueue(NewMessage message, EnqueueHandler handler) {
    writer_.submit(std::make_unique<Enqueuing>(*this, std::move(message), std::move(handler)));
}

void Outbox::keep_lost(LostReply reply, Done done) {
    const auto now = clock_.now();
    const auto settles = reply.settles;
    write(
        [this, reply = std::move(reply), id = next_id_++, now](Database& database) {
            if (find_parts(database, id).empty()) {
                settle_as_the_last(database, run_, reply.settles, now,
                                   database.holds(shard_of_event(database, reply.settles)));
                insert_lost(database, reply, id, now);
            }
        },
        [this, settles, done = std::move(done)](boost::system::error_code error) mutable {
            if (!error) {
                on_settled_(settles);
            }
            done(error);
        });
}

template <typename Apply, typename Then, typename Gather>
void Outbox::write(Apply apply, Then done, Gather gather) {
    writer_.submit(
        make_write(Persistence::persistent, std::move(apply), std::move(done), std::move(gather)));
}

base::Result<std::vector<PendingPart>> Outbox::pending(Shards own, std::int64_t after) {
    if (after == 0) {
        write([now_run_ms = clock_.running().now_ms()](
                  Database& database) { begin_lifetimes(database, now_run_ms); },
              LogFailure(log_, "when replies that were put back expire"));
    }
    return reader_.read([&](Database& database) {
        return read_pending_parts(database, own, after, pending_page_rows, clock_.running());
    });
}

base::Result<std::vector<PendingPart>> Outbox::pending_of(
    const std::vector<std::int64_t>& messages) {
    return reader_.read([&](Database& database) {
        std::vector<PendingPart> parts;
        for (const auto message : messages) {
            std::ranges::move(read_parts_of(database, message, clock_.running()),
                              std::back_inserter(parts));
        }
        return parts;
    });
}

base::Result<std::optional<OutboxPart>> Outbox::load(std::int64_t seq) {
    return reader_.read([seq](Database& database) { return read_part(database, seq); });
}

base::Result<std::vector<base::SteadyTime>> Outbox::delivered_lately(const std::string& account,
                                                                     const std::string& chat) {
    constexpr std::chrono::milliseconds hour = std::chrono::hours{1};
    const auto& time = clock_.running();
    const auto since = time.now_ms() - hour.count();
    std::chrono::milliseconds behind{0};
    auto found = reader_.read([&](Database& database) {
        const bool is_shared = database.location().dialect == Dialect::postgresql;
        behind = is_shared ? running_time_lag : std::chrono::milliseconds{0};
        return read_deliveries(database, account, chat, since - behind.count());
    });
    if (found.has_error()) {
        return found.error();
    }
    // After a crash the running time has gone on from a little earlier: never later than now.
    const auto now = time.to_steady(time.now_ms());
    std::vector<base::SteadyTime> times;
    for (const auto run_ms : *found) {
        times.push_back(std::min(time.to_steady(run_ms) + behind, now));
    }
    return times;
}

namespace {

// For its log; it has ended now.
std::string ended_attempt(RowTime now, std::chrono::milliseconds took, const std::string& failure) {
    return entry_of(
        {.began_at_ms = now.at_ms - took.count(), .took_ms = took.count(), .failure = failure});
}

}  // namespace

void Outbox::record_delivered(std::int64_t seq, const std::string& msgid,
                              std::chrono::milliseconds took, Done done) {
    const auto now = clock_.now();
    const auto entry = ended_attempt(now, took, "");
    write([=](Database& database) { mark_delivered(database, seq, msgid, entry, now); },
          std::move(done),
          [=](Database& database) { gather_delivered(database, seq, msgid, entry, now); });
}

void Outbox::record_retry(RetryRecord record, Done done) {
    const auto next_run_ms = clock_.running().from_steady(record.not_before);
    auto entry = ended_attempt(clock_.now(), record.took, record.reason);
    write([record = std::move(record), next_run_ms, entry = std::move(entry)](
              Database& database) { mark_retry(database, record, next_run_ms, entry); },
          std::move(done));
}

void Outbox::record_failed(std::int64_t message, int code, const std::string& reason,
                           std::optional<LastAttempt> last, Done done) {
    const auto now = clock_.now();
    write(
        [message, code, reason, last, now](Database& database) {
            if (last) {
                add_attempt(database, last->seq, ended_attempt(now, last->took, reason));
                count_attempt(database, last->seq);
            }
            set_message_aside(database, message, code, reason, now);
        },
        std::move(done));
}

base::Result<std::int64_t> Outbox::outside_changes() {
    return reader_.read(count_outside_changes);
}

base::Result<Outbox::Outcome> Outbox::outcome(std::int64_t message) {
    return reader_.read([message](Database& database) { return read_outcome(database, message); });
}

}  // namespace hermes::durable
