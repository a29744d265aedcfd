#include "durable/inbox.hpp"

#include <future>
#include <utility>

#include "durable/database.hpp"
#include "durable/handover.hpp"
#include "durable/inbox_rows.hpp"
#include "durable/store_context.hpp"

namespace hermes::durable {
namespace {

// One accept on its way through the writer. Shared, since a std::function must be copyable.
struct PendingAccept {
    NewEvent event;
    Inbox::AcceptHandler handler;
    std::optional<std::int64_t> seq;
};

}  // namespace

class Inbox::Impl {
public:
    Impl(std::shared_ptr<StoreContext> context, base::EventLoop& loop)
        : context_(std::move(context)), handover_(*context_, loop) {
        context_->on_settled = [this](std::int64_t seq) { handover_.settled(seq); };
    }

    void accept(NewEvent event, AcceptHandler handler) {
        auto accept = std::make_shared<PendingAccept>();
        accept->event = std::move(event);
        accept->handler = std::move(handler);
        Write write;
        write.persistence = Persistence::fail_fast;
        write.apply = [this, accept](Database& database) { store(database, *accept); };
        write.done = [this, accept](boost::system::error_code error) { tell(error, *accept); };
        context_->writer->submit(std::move(write));
    }

    void start(std::vector<std::string> accounts, Handlers handlers) {
        handover_.start(std::move(accounts), std::move(handlers));
    }

    bool begin(std::int64_t seq) { return handover_.begin(seq); }

    void settle(std::int64_t seq) {
        handover_.settle(seq);
        Write write;
        write.apply = [seq, now = context_->now()](Database& database) {
            settle_event(database, seq, now);
        };
        write.done = [this, seq](boost::system::error_code) { handover_.settled(seq); };
        context_->writer->submit(std::move(write));
    }

    void account_of(std::int64_t seq, AccountHandler handler) {
        handover_.account_of(seq, std::move(handler));
    }

    void stop() noexcept {
        auto charged = handover_.stop();
        if (charged.empty()) {
            return;
        }
        Write write;
        write.apply = [charged = std::move(charged)](Database& database) {
            for (const auto& one : charged) {
                set_attempts(database, one.seq, one.attempt - 1);
            }
        };
        context_->writer->submit(std::move(write));
    }

    void note_settled(std::int64_t seq) { handover_.settled(seq); }
    void reload() { handover_.reload(); }

private:
    void store(Database& database, PendingAccept& accept) {
        const auto& event = accept.event;
        const auto now = context_->now();
        accept.seq = insert_event(database, event, now);
        if (accept.seq) {
            context_->routes.remember(database, event.folded_chat, event.account, now.at_ms);
        }
    }

    void tell(boost::system::error_code error, PendingAccept& accept) {
        if (error) {
            accept.handler(error);
            return;
        }
        accept.handler(accept.seq ? Accepted::stored : Accepted::duplicate);
        if (accept.seq) {
            handover_.committed(*accept.seq, std::move(accept.event));
        }
    }

    std::shared_ptr<StoreContext> context_;
    Handover handover_;
};

Inbox::Inbox(std::shared_ptr<StoreContext> context, base::EventLoop& loop)
    : impl_(std::make_unique<Impl>(std::move(context), loop)) {}

Inbox::~Inbox() = default;

void Inbox::accept(NewEvent event, AcceptHandler handler) {
    impl_->accept(std::move(event), std::move(handler));
}

void Inbox::start(std::vector<std::string> accounts, Handlers handlers) {
    impl_->start(std::move(accounts), std::move(handlers));
}

bool Inbox::begin(std::int64_t seq) {
    return impl_->begin(seq);
}

void Inbox::settle(std::int64_t seq) {
    impl_->settle(seq);
}

void Inbox::account_of(std::int64_t seq, AccountHandler handler) {
    impl_->account_of(seq, std::move(handler));
}

base::Result<std::string> Inbox::account_of(std::int64_t seq) {
    std::promise<base::Result<std::string>> account;
    account_of(seq, [&](base::Result<std::string> told) { account.set_value(std::move(told)); });
    return account.get_future().get();
}

void Inbox::stop() noexcept {
    impl_->stop();
}

void Inbox::note_settled(std::int64_t seq) {
    impl_->note_settled(seq);
}

void Inbox::reload() {
    impl_->reload();
}

}  // namespace hermes::durable
