#include "durable/inbox/inbox.hpp"

#include <utility>

#include "durable/database/announcements.hpp"
#include "durable/database/database.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/reader.hpp"
#include "durable/inbox/handover.hpp"
#include "durable/inbox/inbox_batches.hpp"
#include "durable/inbox/inbox_rows.hpp"

namespace hermes::durable {
namespace {

class Acceptance final : public Write {
public:
    Acceptance(NewEvent event, Inbox::AcceptHandler handler, const RowClock& clock,
               RouteCache& routes, Handover& handover)
        : Write(Persistence::fail_fast),
          event_(std::move(event)),
          handler_(std::move(handler)),
          clock_(clock),
          routes_(routes),
          handover_(handover) {}

    void gather(Database& database) override { gather_insert(database, event_, clock_.now()); }

    void apply(Database& database) override {
        const auto now = clock_.now();
        seq_ = insert_event(database, event_, now);
        if (seq_) {
            routes_.remember(database, event_.folded_chat, event_.account, now.at_ms);
            if (const int shard = shard_of(event_.account, event_.chat); !database.holds(shard)) {
                database.announce(event_word(*seq_, shard));
            }
        }
    }

    void done(boost::system::error_code error) override {
        if (error) {
            handler_(error);
            return;
        }
        handler_(seq_ ? Accepted::stored : Accepted::duplicate);
        if (seq_) {
            handover_.committed(*seq_, std::move(event_));
        }
    }

private:
    NewEvent event_;
    Inbox::AcceptHandler handler_;
    const RowClock& clock_;
    RouteCache& routes_;
    Handover& handover_;
    std::optional<std::int64_t> seq_;  // empty: there is one of that key
};

}  // namespace

void Inbox::accept(NewEvent event, AcceptHandler handler) {
    writer_.submit(std::make_unique<Acceptance>(std::move(event), std::move(handler), clock_,
                                                routes_, handover_));
}

void Inbox::start(std::vector<std::string> accounts, Handlers handlers) {
    handover_.start(std::move(accounts), std::move(handlers));
}

void Inbox::configure(std::vector<std::string> accounts) {
    handover_.configure(std::move(accounts));
}

bool Inbox::begin(std::int64_t seq) {
    return handover_.begin(seq);
}

void Inbox::settle(std::int64_t seq) {
    handover_.settle(seq);
    const auto now = clock_.now();
    writer_.submit(make_write(
        Persistence::persistent,
        [seq, now](Database& database) { settle_event(database, seq, now); },
        [this, seq, log = LogFailure(log_, "the end of event " + std::to_string(seq))](
            boost::system::error_code error) {
            log(error);
            handover_.settled(seq);
        },
        [seq, now](Database& database) { gather_settle(database, seq, now); }));
}

base::Result<std::string> Inbox::account_of(std::int64_t seq) {
    if (auto account = handover_.account_of(seq)) {
        return *std::move(account);
    }
    return reader_.read([seq](Database& database) { return read_account(database, seq); });
}

void Inbox::stop() noexcept {
    auto charges = handover_.stop();
    if (charges.empty()) {
        return;
    }
    writer_.submit(make_write(
        Persistence::persistent,
        [charges = std::move(charges), run = run_.load()](Database& database) {
            for (const auto& one : charges) {
                set_attempts(database, one.seq, one.attempt - 1, run);
            }
        },
        LogFailure(log_, "what a stop takes back")));
}

void Inbox::reload() {
    handover_.reload();
}

}  // namespace hermes::durable
