#include "durable/engine.hpp"

#include <future>
#include <stdexcept>

#include "durable/host_values.hpp"
#include "durable/state_error.hpp"

namespace hermes::durable {

namespace {

std::vector<std::string> ids_of(const std::vector<Account>& accounts) {
    std::vector<std::string> ids;
    for (const auto& account : accounts) {
        ids.push_back(account.id);
    }
    return ids;
}

}  // namespace

Engine::Engine(StoreOptions options) try
    : role_(options.role),
      loop_(options.steady_clock),
      store_(std::move(options), loop_),
      intake_(beside_, store_.files()) {
} catch (const StoreOpenError& error) {
    throw std::runtime_error(error.what());
}

void Engine::deliver_through(Courier& courier, DeliveryOptions options) {
    accounts_ = ids_of(options.accounts);
    delivery_.emplace(loop_, beside_, store_, courier, std::move(options));
    if (role_ == StoreRole::visitor) {
        entrusted_.emplace(loop_, beside_, store_, *delivery_);
    }
}

void Engine::start(Inbox::Handlers handlers) {
    delivery_->start();
    store_.inbox().start(std::move(accounts_), std::move(handlers));
}

void Engine::configure(std::vector<Account> accounts) {
    store_.inbox().configure(ids_of(accounts));
    loop_.post([this, accounts = std::move(accounts)]() mutable {
        delivery_->configure(std::move(accounts));
    });
}

bool Engine::begin(const EventId& event) noexcept {
    const auto seq = event_seq(event);
    return seq && store_.inbox().begin(*seq);
}

void Engine::settle(const EventId& event) noexcept {
    if (const auto seq = event_seq(event)) {
        store_.inbox().settle(*seq);
    }
}

void Engine::submit(NewMessage message, Delivery::Handler handler) {
    submit(std::move(message), {}, std::move(handler));
}

void Engine::submit(NewMessage message, std::vector<NewFile> files, Delivery::Handler handler) {
    if (files.empty() && !intake_.holds_up(message)) {
        submit_stored(std::move(message), std::move(handler));
        return;
    }
    intake_.bring_in(
        std::move(message), std::move(files),
        [this, handler = std::move(handler)](base::Result<NewMessage> brought) mutable {
            if (brought) {
                submit_stored(std::move(*brought), std::move(handler));
            } else if (handler) {
                loop_.post([handler = std::move(handler), error = brought.error()]() mutable {
                    handler(not_stored_result(error));
                });
            }
        });
}

void Engine::submit_stored(NewMessage message, Delivery::Handler handler) {
    loop_.post([this, message = std::move(message), handler = std::move(handler)]() mutable {
        if (entrusted_) {
            entrusted_->submit(std::move(message), std::move(handler));
        } else {
            delivery_->submit(std::move(message), std::move(handler));
        }
    });
}

void Engine::stop(std::chrono::steady_clock::time_point deadline,
                  base::MoveOnlyFunction<void()> end_attempts) noexcept {
    store_.inbox().stop();
    await(beside_);  // what is being made ready for the outbox gets there
    intake_.wait(deadline);
    if (incoming_) {
        loop_.post([this] { incoming_->give_up(); });
    }
    if (delivery_) {
        delivery_->stop(deadline);
    }
    if (end_attempts) {
        end_attempts();
    }
    beside_.stop();
    intake_.end();
    await(loop_);  // what the last attempts came to is handed to the store
    if (incoming_) {
        incoming_->stop();
        await(loop_);
    }
    store_.stop();
    loop_.post([this] {
        if (delivery_) {
            delivery_->defer_all();
        }
        if (entrusted_) {
            entrusted_->defer_all();
        }
    });
    loop_.stop();
}

// Returns when what has been posted by now has run.
void Engine::await(base::EventLoop& loop) {
    std::promise<void> reached;
    if (loop.post([&reached] { reached.set_value(); })) {
        reached.get_future().wait();
    }
}

}  // namespace hermes::durable
