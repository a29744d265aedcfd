#include "durable/inbox.hpp"

#include <future>
#include <utility>

#include "durable/database.hpp"
#include "durable/handover.hpp"
#include "durable/inbox_rows.hpp"
#include "durable/store_context.hpp"

namespace hermes::durable {
namespace {

class Acceptance final : public Write {
public:
    Acceptance(NewEvent event, Inbox::AcceptHandler handler, StoreContext& context,
               Handover& handover)
        : Write(Persistence::fail_fast),
          event_(std::move(event)),
          handler_(std::move(handler)),
          context_(context),
          handover_(handover) {}

    void apply(Database& database) override {
        const auto now = context_.now();
        seq_ = insert_event(database, event_, now);
        if (seq_) {
            context_.routes.remember(database, event_.folded_chat, event_.account, now.at_ms);
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
    StoreContext& context_;
    Handover& handover_;
    std::optional<std::int64_t> seq_;  // empty: there is one of that key
};

}  // namespace

class Inbox::Impl {
public:
    Impl(std::shared_ptr<StoreContext> context, base::EventLoop& loop)
        : context_(std::move(context)), handover_(*context_, loop) {
        context_->on_settled = [this](std::int64_t seq) { handover_.settled(seq); };
    }

    void accept(NewEvent event, AcceptHandler handler) {
        context_->writer->submit(std::make_unique<Acceptance>(std::move(event), std::move(handler),
                                                              *context_, handover_));
    }

    void start(std::vector<std::string> accounts, Handlers handlers) {
        handover_.start(std::move(accounts), std::move(handlers));
    }

    bool begin(std::int64_t seq) { return handover_.begin(seq); }

    void settle(std::int64_t seq) {
        handover_.settle(seq);
        context_->writer->submit(make_write(
            Persistence::persistent,
            [seq, now = context_->now()](Database& database) { settle_event(database, seq, now); },
            [this, seq](boost::system::error_code) { handover_.settled(seq); }));
    }

    void account_of(std::int64_t seq, AccountHandler handler) {
        handover_.account_of(seq, std::move(handler));
    }

    void stop() noexcept {
        auto charged = handover_.stop();
        if (charged.empty()) {
            return;
        }
        context_->writer->submit(make_write(
            Persistence::persistent,
            [charged = std::move(charged)](Database& database) {
                for (const auto& one : charged) {
                    set_attempts(database, one.seq, one.attempt - 1);
                }
            },
            [](boost::system::error_code) {}));
    }

    void reload() { handover_.reload(); }

private:
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

void Inbox::reload() {
    impl_->reload();
}

}  // namespace hermes::durable
