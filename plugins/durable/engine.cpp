#include "durable/engine.hpp"

#include <future>

namespace hermes::durable {

Engine::Engine(StoreOptions options)
    : role_(options.role),
      loop_(options.steady_clock),
      store_(std::move(options), loop_),
      intake_(beside_, store_.files()) {}

void Engine::deliver_through(Courier& courier, DeliveryOptions options) {
    delivery_.emplace(loop_, beside_, store_, courier, std::move(options));
    if (role_ == StoreRole::visitor) {
        entrusted_.emplace(loop_, beside_, store_, *delivery_);
    }
}

void Engine::start(std::vector<std::string> accounts, Inbox::Handlers handlers) {
    delivery_->start();
    store_.inbox().start(std::move(accounts), std::move(handlers));
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
