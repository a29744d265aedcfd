#include "durable/engine.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>

#include "durable/database/state_error.hpp"
#include "durable/store/host_values.hpp"

namespace hermes::durable {

namespace {

constexpr std::chrono::seconds watch_interval{1};
// That a stop has with what is beside the loop, however late it is.
constexpr std::chrono::seconds beside_patience{1};

std::vector<std::string> ids_of(const std::vector<Account>& accounts) {
    std::vector<std::string> ids;
    ids.reserve(accounts.size());
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
    loop_.post([this] { watch(); });
} catch (const StoreOpenError& error) {
    throw std::runtime_error(error.what());
}

// Also while it stops, which waits for what this gives up.
void Engine::watch() {
    store_.watch();
    loop_.at(loop_.now() + watch_interval, [this] { watch(); });
}

void Engine::deliver_through(Courier& courier, DeliveryOptions options) {
    accounts_ = ids_of(options.accounts);
    delivery_.emplace(loop_, beside_, store_, courier, std::move(options));
    if (role_ == GatewayKind::visitor) {
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
    await_beside(deadline);  // what is being made ready for the outbox gets there
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
    if (!await_beside(deadline)) {
        store_.stop();  // what it waits for does not come
    }
    beside_.stop();
    intake_.end();
    loop_.reached().wait();  // what the last attempts came to is handed to the store
    if (incoming_) {
        incoming_->stop();
        loop_.reached().wait();
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

bool Engine::await_beside(std::chrono::steady_clock::time_point deadline) {
    const auto last = std::max(deadline, std::chrono::steady_clock::now() + beside_patience);
    return beside_.reached().wait_until(last) == std::future_status::ready;
}

}  // namespace hermes::durable
