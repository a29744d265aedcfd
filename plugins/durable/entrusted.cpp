#include "durable/entrusted.hpp"

#include <utility>

namespace hermes::durable {

void EntrustedMessages::submit(NewMessage message, Delivery::Handler handler) {
    store_.outbox().enqueue(
        std::move(message),
        [this, handler = std::move(handler)](base::Result<std::vector<PendingPart>> parts) mutable {
            loop_.post([this, parts = std::move(parts), handler = std::move(handler)]() mutable {
                stored(parts, std::move(handler));
            });
        });
}

void EntrustedMessages::stored(const base::Result<std::vector<PendingPart>>& parts,
                               Delivery::Handler handler) {
    if (!handler) {
        handler = [](const SendResult&) {};
    }
    if (!parts || parts->empty()) {
        handler(not_stored_result(parts ? make_error_code(StateError::refused) : parts.error()));
        return;
    }
    const auto message = parts->front().message;
    results_.expect(message, std::move(handler));
    watch(message);
}

void EntrustedMessages::watch(std::int64_t message) {
    reads_.post([this, message, part = part_] {
        loop_.post([this, message, seen = look(part, message)] { looked(message, seen); });
    });
}

EntrustedMessages::Look EntrustedMessages::look(Part part, std::int64_t message) {
    Look look;
    look.is_gateway = part == Part::watcher && store_.try_become_gateway();
    if (part == Part::gateway) {
        const auto waiting = store_.gateways_waiting();
        look.is_wanted = waiting && *waiting > 0;  // what can't be read is seen at the next look
    }
    look.outcome = store_.outbox().outcome(message);
    return look;
}

void EntrustedMessages::looked(std::int64_t message, const Look& look) {
    if (!results_.contain(message)) {
        return;
    }
    play(look);
    is_gateway_there_ = part_ != Part::gateway && look.outcome.has_value();
    if (look.outcome.has_error() || look.outcome->pending > 0) {
        reason_ = look.outcome.has_error() ? "" : look.outcome->reason;
        loop_.at(loop_.now() + outcome_interval, [this, message] { watch(message); });
        return;
    }
    const auto& outcome = *look.outcome;
    if (outcome.dead == 0) {
        results_.give(message, delivered_result(outcome.last_msgid));
        return;
    }
    SendResult result;
    result.error = SendError::invalid;
    result.detail = outcome.reason;
    results_.give(message, result);
}

void EntrustedMessages::defer_all() {
    results_.defer_all(is_gateway_there_ ? entrusted_result(reason_) : deferred_result());
}

void EntrustedMessages::play(const Look& look) {
    if (look.is_gateway && part_ == Part::watcher) {
        part_ = Part::gateway;
        delivery_.start();
    } else if (look.is_wanted && part_ == Part::gateway) {
        part_ = Part::had_its_turn;
        delivery_.step_down([this] { reads_.post([this] { store_.resign(); }); });
    }
}

}  // namespace hermes::durable
